import type { Evidence, Facts, Reading } from "../facts/evidence.ts";
import { type FormatRow, type Kind, readFormats } from "../facts/read-formats.ts";
import { type Rule, rulesFor } from "./compile.ts";
import { extensionOf } from "./extension.ts";
import { broken } from "./limit.ts";
import { properties } from "./properties.ts";
import { readingsOf, sound, unreadOf, unreadRest } from "./readings.ts";
import type { Table } from "./schema.ts";
import { targetSize } from "./target.ts";
import { tierOf } from "./tiers.ts";
import { type Judgement, type Verdict, worst } from "./verdict.ts";
import { weigh } from "./weigh.ts";

export interface JudgeOptions {
  /** What the file is declared to be; else what its bytes say. */
  type?: Kind | null | undefined;
  limits?: "documented" | "observed" | undefined;
  /** No observation settles anything. */
  strict?: boolean | undefined;
  /** The file's name, for the extension note. */
  name?: string | null | undefined;
  /** The formats whose extensions are known; default: those that are read. */
  formats?: Readonly<Record<string, FormatRow>> | undefined;
}

export interface Judged {
  verdict: Verdict;
  type: Kind | null;
  /** The evidence's facts with `resolution` filled in. */
  facts: Facts;
  /** Every rule judged, the passing ones too; notes last. */
  judgements: Judgement[];
}

/** Evidence × table → judgements. Pure; branches on what rows declare, never on the kind of file. */
export function judge(evidence: Evidence, table: Table, options: JudgeOptions = {}): Judged {
  const type = options.type ?? evidence.kind;
  const facts = { ...evidence.facts };
  const judgements =
    type === null ? [unknown(evidence, "file")] : judgeAs(type, evidence, facts, table, options);
  judgements.sort((a, b) => Number(a.verdict === "note") - Number(b.verdict === "note"));
  return { verdict: worst(judgements.map((j) => j.verdict)), type, facts, judgements };
}

function judgeAs(
  type: Kind,
  evidence: Evidence,
  facts: Facts,
  table: Table,
  options: JudgeOptions,
): Judgement[] {
  if (evidence.format === null || evidence.kind === null) return [unknown(evidence, type, table)];
  const rules = rulesFor(table, type);
  const format = rules?.find((rule) => rule.property === "format");
  const mode: Mode = {
    observed: options.limits === "observed",
    strict: options.strict === true,
    quiet: false,
  };
  const out: Judgement[] = [];
  if (evidence.kind !== type || !rules) {
    out.push({
      ...plain(`${type}/type`, "type", "fail", evidence.kind),
      reason: "limit",
      limit: { equals: type },
      detail: rules
        ? { ...named(evidence), declared: type, ...(accepts(table, evidence) ? { accepted: "yes" } : {}) }
        : { table: table.id, kind: type },
    });
    if (format) out.push(...judgeFormat(format, evidence, mode));
    return out;
  }
  if (options.type) out.push({ ...plain(`${type}/type`, "type", "pass", type), limit: { equals: type } });
  if (format) out.push(...judgeFormat(format, evidence, mode));
  const refused = worst(out.map((j) => j.verdict)) === "fail";
  out.push(...integrity(type, evidence, refused));
  // What could not be read of a refused or broken file is no news.
  mode.quiet = refused || evidence.damage.some((d) => d.certain);
  let sizeFits = true;
  for (const rule of rules) {
    if (rule === format || (refused && rule.note)) continue;
    if (rule.tiers) {
      facts.resolution = resolution(rules, rule.tiers, facts);
      if (sizeFits && facts.resolution !== null) out.push(...judgeRule(rule, { ...evidence, facts }, mode));
      continue;
    }
    const found = judgeRule(rule, evidence, mode);
    if (rule.property === "pixels") sizeFits = worst(found.map((j) => j.verdict)) === "pass";
    out.push(...found);
  }
  addTarget(out, rules, evidence);
  out.push(...extension(type, evidence, options));
  for (const { witness, why } of evidence.witnessNotes)
    out.push({ ...plain(`${type}/witness`, "witness", "note", witness), detail: { witness, why } });
  return out;
}

/** Whether the table takes the file's format as what it is. */
function accepts(table: Table, { kind, format }: Evidence): boolean {
  const rule = kind && rulesFor(table, kind)?.find((r) => r.property === "format");
  return Boolean(rule && format && rule.documented.every((limit) => broken(limit, format) === null));
}

/** What the file is called, for messages about its format. */
function named({ label, kind }: Evidence): Readonly<Record<string, string>> {
  return { ...(label ? { label } : {}), ...(kind ? { kind } : {}) };
}

function judgeFormat(rule: Rule, evidence: Evidence, mode: Mode): Judgement[] {
  const judged = judgeRule(rule, evidence, mode);
  for (const judgement of judged) judgement.detail = { ...named(evidence), ...judgement.detail };
  return judged;
}

interface Mode {
  observed: boolean;
  strict: boolean;
  /** Unread facts make no finding. */
  quiet: boolean;
}

function plain(
  rule: string,
  subject: Judgement["subject"],
  verdict: Judgement["verdict"],
  actual: Judgement["actual"] = null,
): Judgement {
  return { rule, subject, verdict, actual, limit: null, unit: null, readings: [] };
}

function judgeRule(rule: Rule, evidence: Evidence, { observed, strict, quiet }: Mode): Judgement[] {
  const limits = observed ? rule.loosened : rule.documented;
  if (limits.length === 0 && !rule.required && !rule.forbidden) return [];
  const all = readingsOf(evidence, rule.property);
  const readings = all.filter((r) => sound(r.value));
  const values = distinct(readings);
  const why =
    evidence.unread.length === 0
      ? null
      : (unreadOf(evidence, rule.property) ?? (readings.length === 0 ? unreadRest(evidence) : null));
  const expected = (properties[rule.property].of as readonly (Kind | null)[]).includes(evidence.kind);
  const unread = why !== null || all.length > readings.length || (values.length === 0 && expected);
  const base = plain(rule.id, rule.property, "pass", shown(values[0] ?? null, rule));
  base.limit = limits[0] ?? null;
  base.unit = rule.unit;
  if (values.length > 1) base.readings = readings;
  if (rule.printed.unit !== rule.unit && !observed) base.printed = rule.printed;
  const result =
    values.length && limits.length ? weigh(values, limits, observed ? [] : rule.observed, strict) : null;
  if (result?.operator) base.operator = result.operator;
  if (result?.observed) base.observed = result.observed;
  const fail = (detail?: Judgement["detail"]): Judgement[] => {
    if (detail) base.detail = detail;
    return [rule.note ? { ...base, verdict: "note" } : { ...base, verdict: "fail", reason: "limit" }];
  };
  if (rule.forbidden && values.length) return fail({ presence: "forbidden" });
  // Bytes that break a limit under all that was read break it, whatever else could not be read.
  if (result?.outcome === "fail") return fail();
  if (unread) {
    if (quiet || rule.note) return [];
    return [{ ...base, verdict: "unsure", reason: "unread", ...(why ? { unread: why } : {}) }];
  }
  if (values.length === 0) return rule.required ? fail({ presence: "required" }) : [];
  if (!result || result.outcome === "pass") return [base];
  if (limits.length > 1) base.or = limits.slice(1);
  if (result.outcome === "settled") return [{ ...base, verdict: "note" }];
  return [rule.note ? { ...base, verdict: "note" } : { ...base, verdict: "unsure", reason: "reading" }];
}

function distinct(readings: readonly Reading[]): (number | string)[] {
  const out: (number | string)[] = [];
  for (const { value } of readings) if (value !== null && !out.includes(value)) out.push(value);
  return out;
}

/** As the facts show it: ratios to four places, all else to six. */
function shown(value: number | string | null, rule: Rule): number | string | null {
  if (typeof value !== "number") return value;
  const scale = rule.property === "aspectRatio" ? 1e4 : 1e6;
  return Math.round(value * scale) / scale;
}

/** Bytes that are no media, or that nothing could be told of. */
function unknown(evidence: Evidence, type: Kind | "file", table?: Table): Judgement {
  const rule = `${type}/format`;
  const format =
    table && type !== "file" ? rulesFor(table, type)?.find((r) => r.property === "format") : null;
  const base: Judgement = {
    ...plain(rule, "format", "fail", evidence.format),
    limit: format?.documented[0] ?? null,
    // A witness may know the name of what is not one of ours.
    detail: named(evidence),
  };
  const unread = evidence.format === null ? (unreadRest(evidence) ?? unreadOf(evidence, "format")) : null;
  if (unread) return { ...base, verdict: "unsure", reason: "unread", unread };
  const empty = evidence.damage.find((d) => d.code === "empty");
  return { ...base, reason: "limit", ...(empty ? { damage: empty } : {}) };
}

function integrity(type: Kind, evidence: Evidence, refused: boolean): Judgement[] {
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
  const unread = unreadRest(evidence) ?? unreadOf(evidence, "truncated");
  if (unread && !refused) return [{ ...base, verdict: "unsure", reason: "unread", unread }];
  return refused ? [] : [{ ...base, verdict: "pass" }];
}

function resolution(rules: readonly Rule[], tiers: NonNullable<Rule["tiers"]>, facts: Facts): string | null {
  const window = rules.find((rule) => rule.property === "pixels")?.documented[0] ?? null;
  return facts.pixels === null ? null : tierOf(facts.pixels, tiers, window);
}

function addTarget(out: Judgement[], rules: readonly Rule[], evidence: Evidence): void {
  const sized = (j: Judgement): boolean =>
    j.subject === "width" || j.subject === "height" || j.subject === "aspectRatio" || j.subject === "pixels";
  const blocking = out.filter((j) => sized(j) && (j.verdict === "fail" || j.reason === "reading"));
  const size = evidence.sizes[0];
  if (blocking.length === 0 || !size) return;
  const limit = (property: string) => rules.find((rule) => rule.property === property)?.documented.at(-1);
  const target = targetSize(size.width, size.height, {
    width: limit("width"),
    height: limit("height"),
    aspectRatio: limit("aspectRatio"),
    pixels: limit("pixels"),
  });
  if (target) for (const judgement of blocking) judgement.target = target;
}

/** A name that promises another format than the bytes hold. */
function extension(type: Kind, evidence: Evidence, options: JudgeOptions): Judgement[] {
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
