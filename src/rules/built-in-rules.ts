import type { Evidence } from "../facts/evidence.ts";
import { type FormatRow, type Kind, readFormats } from "../facts/read-formats.ts";
import type { Rule } from "./compile.ts";
import { extensionOf } from "./extension.ts";
import { unreadOf, unreadRest } from "./readings.ts";
import { plain, type RuleResult } from "./verdict.ts";

/* The rules that no table row states. */

/** What the file is called, for messages about its format. */
export function named({ label, kind }: Evidence): Readonly<Record<string, string>> {
  return { ...(label ? { label } : {}), ...(kind ? { kind } : {}) };
}

/** Damage that explains why a file has no format; the first one found is said. */
const nothing = ["empty", "all-zero", "line-endings"] as const;

/** Bytes that are no media, or that nothing could be told of. */
export function unknown(evidence: Evidence, type: Kind | "file", format?: Rule | null): RuleResult {
  const base: RuleResult = {
    ...plain(`${type}/format`, "format", "fail", evidence.format),
    limit: format?.documented[0] ?? null,
    // A cross-check library may know the name of what is not one of ours.
    detail: named(evidence),
  };
  const unread = evidence.format === null ? (unreadRest(evidence) ?? unreadOf(evidence, "format")) : null;
  if (unread) return { ...base, verdict: "unsure", reason: "unread", unread };
  const damage = nothing.flatMap((code) => evidence.damage.find((d) => d.code === code) ?? [])[0];
  return { ...base, reason: "limit", ...(damage ? { damage } : {}) };
}

/** Whether the bytes that the headers promise are there. */
export function integrity(type: Kind, evidence: Evidence, refused: boolean): RuleResult[] {
  const base = plain(`${type}/integrity`, "integrity", "fail");
  const proved = evidence.damage.filter((d) => d.certain);
  const damage = proved.length ? proved : evidence.damage;
  if (damage.length)
    return damage.map((d) => ({
      ...base,
      verdict: d.certain ? "fail" : "unsure",
      reason: "damaged",
      actual: d.code,
      damage: d,
    }));
  const unread = unreadRest(evidence) ?? unreadOf(evidence, "encrypted") ?? unreadOf(evidence, "truncated");
  if (unread && !refused) return [{ ...base, verdict: "unsure", reason: "unread", unread }];
  base.verdict = "pass";
  return refused ? [] : [base];
}

/** A name that promises another format than the bytes hold. */
export function extension(
  type: Kind,
  evidence: Evidence,
  options: { name?: string | null | undefined; formats?: Readonly<Record<string, FormatRow>> | undefined },
): RuleResult[] {
  const rows: Readonly<Record<string, FormatRow>> = options.formats ?? readFormats;
  const said = extensionOf(options.name);
  const fits = rows[evidence.format ?? ""]?.extensions ?? [];
  if (said === null || fits.length === 0 || fits.includes(said)) return [];
  if (!Object.values(rows).some((row) => row.extensions.includes(said))) return [];
  return [
    {
      ...plain(`${type}/extension`, "extension", "note", said),
      limit: { in: fits },
      detail: { ...named(evidence), extension: said, wanted: fits[0] ?? "" },
    },
  ];
}
