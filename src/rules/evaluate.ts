import type { Evidence } from "../facts/evidence.ts";
import type { Facts } from "../facts/facts.ts";
import type { FormatRow, Kind } from "../facts/read-formats.ts";
import { extension, formatLabel, integrity, unknownFormat } from "./built-in-rules.ts";
import { type Rule, rulesFor } from "./compile.ts";
import { evaluateRule, type RowOptions } from "./evaluate-rule.ts";
import { violatedOperator } from "./limit.ts";
import type { Table } from "./schema.ts";
import { type SizeLimits, targetSize } from "./target.ts";
import { tierOf } from "./tiers.ts";
import { emptyResult, type RuleResult, type Verdict, worstOf } from "./verdict.ts";

export interface EvaluateOptions extends Omit<RowOptions, "omitUnread"> {
  /** The declared type. Default: the kind detected from the bytes. */
  type?: Kind | null | undefined;
  /** The file's name, for the extension note. */
  name?: string | null | undefined;
  /** Formats with their extensions. Default: the formats that this package reads. */
  formats?: Readonly<Record<string, FormatRow>> | undefined;
}

export interface Evaluation {
  verdict: Verdict;
  type: Kind | null;
  /** The evidence's facts with `resolution` filled in. */
  facts: Facts;
  /** The results of all rules, with `omitPassed` without passing table rows; notes last. */
  results: RuleResult[];
}

/** Evaluates a table on a file's evidence. Pure; it branches on what rows declare, never on the kind of file. */
export function evaluate(evidence: Evidence, table: Table, options: EvaluateOptions = {}): Evaluation {
  const type = options.type ?? evidence.kind;
  const facts = { ...evidence.facts };
  const results =
    type === null ? [unknownFormat(evidence, "file")] : evaluateAs(type, evidence, facts, table, options);
  const notes = results.filter(({ verdict }) => verdict === "note");
  return {
    verdict: worstOf(results),
    type,
    facts,
    results: [...results.filter(({ verdict }) => verdict !== "note"), ...notes],
  };
}

function evaluateAs(
  type: Kind,
  evidence: Evidence,
  facts: Facts,
  table: Table,
  options: EvaluateOptions,
): RuleResult[] {
  const rules = rulesFor(table, type);
  const format = rules && ruleOf(rules, "format");
  if (evidence.format === null || evidence.kind === null) return [unknownFormat(evidence, type, format)];
  if (evidence.kind !== type || !rules) {
    const mismatch = typeMismatch(type, evidence, table);
    return format ? [mismatch, ...evaluateFormat(format, evidence, options)] : [mismatch];
  }
  const out: RuleResult[] = [];
  if (options.type)
    out.push({ ...emptyResult(`${type}/type`, "type", "pass", type), limit: { equals: type } });
  if (format) out.push(...evaluateFormat(format, evidence, options));
  const refused = worstOf(out) === "fail";
  out.push(...integrity(type, evidence, refused));
  // A refused or damaged file fails already: unread values add nothing.
  const omitUnread = refused || evidence.damage.some((d) => d.certain);
  const rowOptions = { ...options, omitUnread };
  /** A size outside the pixel limits has no tier. `rules` has the row about pixels before the one with tiers. */
  let pixelsPass = true;
  for (const rule of rules) {
    if (rule === format || (refused && rule.note)) continue;
    if (rule.tiers) {
      facts.resolution = resolution(rules, rule.tiers, facts);
      if (pixelsPass && facts.resolution !== null)
        out.push(...evaluateRule(rule, { ...evidence, facts }, rowOptions));
      continue;
    }
    const found = evaluateRule(rule, evidence, rowOptions);
    if (rule.property === "pixels") pixelsPass = worstOf(found) === "pass";
    out.push(...found);
  }
  addTarget(out, rules, evidence);
  out.push(...extension(type, evidence, options));
  out.push(...crossCheckResults(type, evidence, omitUnread));
  return out;
}

/** The result for a file of another kind than declared, or of a kind for which the table has no rows. */
function typeMismatch(type: Kind, evidence: Evidence, table: Table): RuleResult {
  const detail: Record<string, string> = rulesFor(table, type)
    ? {
        ...formatLabel(evidence),
        declared: type,
        ...(acceptsFormat(table, evidence) && { accepted: "yes" }),
      }
    : { table: table.id, kind: type };
  const result = emptyResult(`${type}/type`, "type", "fail", evidence.kind);
  return { ...result, reason: "limit", limit: { equals: type }, detail };
}

/** Notes on libraries that gave no reading. A cross-check that was required and could not run makes the file unsure. */
function crossCheckResults(type: Kind, { crossCheckNotes }: Evidence, omitUnread: boolean): RuleResult[] {
  return crossCheckNotes.map(({ crossCheck, why, required }) => {
    const blocks = required && !omitUnread;
    return {
      ...emptyResult(`${type}/cross-check`, "cross-check", blocks ? "unsure" : "note", crossCheck),
      ...(blocks ? { reason: "unread" } : null),
      detail: { crossCheck, why },
    };
  });
}

function ruleOf(rules: readonly Rule[], property: Rule["property"]): Rule | undefined {
  return rules.find((rule) => rule.property === property);
}

/** Whether the table accepts the file's format for the kind that was detected. */
function acceptsFormat(table: Table, { kind, format }: Evidence): boolean {
  const rule = kind && ruleOf(rulesFor(table, kind) ?? [], "format");
  return (
    rule !== null &&
    format !== null &&
    rule?.documented.every((limit) => violatedOperator(limit, format) === null) === true
  );
}

function evaluateFormat(rule: Rule, evidence: Evidence, options: RowOptions): RuleResult[] {
  const results = evaluateRule(rule, evidence, options);
  for (const result of results) result.detail = { ...formatLabel(evidence), ...result.detail };
  return results;
}

function resolution(rules: readonly Rule[], tiers: NonNullable<Rule["tiers"]>, facts: Facts): string | null {
  const window = ruleOf(rules, "pixels")?.documented[0] ?? null;
  return facts.pixels === null ? null : tierOf(facts.pixels, tiers, window);
}

const sides = ["width", "height", "aspectRatio", "pixels"] as const;

/** Adds a picture size that would pass to each result that blocks because of the size. */
function addTarget(out: RuleResult[], rules: readonly Rule[], evidence: Evidence): void {
  const blocking = out.filter(
    ({ subject, verdict, reason }) =>
      (verdict === "fail" || reason === "reading") && (sides as readonly string[]).includes(subject),
  );
  const size = evidence.sizes[0];
  if (blocking.length === 0 || !size) return;
  const limits: SizeLimits = {};
  for (const side of sides) limits[side] = ruleOf(rules, side)?.documented.at(-1);
  const target = targetSize(size.width, size.height, limits);
  if (target) for (const result of blocking) result.target = target;
}
