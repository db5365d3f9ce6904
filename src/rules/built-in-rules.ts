import type { Evidence } from "../facts/evidence.ts";
import { type FormatRow, type Kind, readFormats } from "../facts/read-formats.ts";
import type { Rule } from "./compile.ts";
import { extensionOf } from "./extension.ts";
import { unreadOf, unreadRest } from "./readings.ts";
import { emptyResult, type RuleResult } from "./verdict.ts";

/* Rules that apply with every table: format detection, integrity and the file name's extension. */

/** The label and kind of the file's format, for messages. */
export function formatLabel({ label, kind }: Evidence): Readonly<Record<string, string>> {
  return { ...(label ? { label } : {}), ...(kind ? { kind } : {}) };
}

/** Damage that explains why no format was detected, in order of precedence. */
const noFormatDamage = ["empty", "all-zero", "line-endings"] as const;

/** The result for bytes that are not media, or whose format could not be read. */
export function unknownFormat(evidence: Evidence, type: Kind | "file", format?: Rule | null): RuleResult {
  const base: RuleResult = {
    ...emptyResult(`${type}/format`, "format", "fail", evidence.format),
    limit: format?.documented[0] ?? null,
    // A cross-check library may have named a format that this package does not detect.
    detail: formatLabel(evidence),
  };
  const unread = evidence.format === null ? (unreadRest(evidence) ?? unreadOf(evidence, "format")) : null;
  if (unread) return { ...base, verdict: "unsure", reason: "unread", unread };
  const damage = noFormatDamage.flatMap((code) => evidence.damage.find((d) => d.code === code) ?? [])[0];
  return { ...base, reason: "limit", ...(damage ? { damage } : {}) };
}

/** Whether the file is complete and intact. No result for a refused file without damage. */
export function integrity(type: Kind, evidence: Evidence, refused: boolean): RuleResult[] {
  const base = emptyResult(`${type}/integrity`, "integrity", "fail");
  const certain = evidence.damage.filter((d) => d.certain);
  const damage = certain.length ? certain : evidence.damage;
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

/** A note if the name's extension belongs to another format than the bytes. */
export function extension(
  type: Kind,
  evidence: Evidence,
  options: { name?: string | null | undefined; formats?: Readonly<Record<string, FormatRow>> | undefined },
): RuleResult[] {
  const rows: Readonly<Record<string, FormatRow>> = options.formats ?? readFormats;
  const found = extensionOf(options.name);
  const fits = rows[evidence.format ?? ""]?.extensions ?? [];
  if (found === null || fits.length === 0 || fits.includes(found)) return [];
  if (!Object.values(rows).some((row) => row.extensions.includes(found))) return [];
  return [
    {
      ...emptyResult(`${type}/extension`, "extension", "note", found),
      limit: { in: fits },
      detail: { ...formatLabel(evidence), extension: found, wanted: fits[0] ?? "" },
    },
  ];
}
