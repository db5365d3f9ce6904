import type { Evidence, Facts } from "../facts/evidence.ts";
import type { FormatRow, Kind } from "../facts/read-formats.ts";
import { extension, integrity, named, unknown } from "./built-in-rules.ts";
import { type Rule, rulesFor } from "./compile.ts";
import { evaluateRule, type Mode } from "./evaluate-rule.ts";
import { broken } from "./limit.ts";
import type { Table } from "./schema.ts";
import { type SizeLimits, targetSize } from "./target.ts";
import { tierOf } from "./tiers.ts";
import { plain, type RuleResult, type Verdict, worst } from "./verdict.ts";

export interface EvaluateOptions {
  /** What the file is declared to be; else what its bytes say. */
  type?: Kind | null | undefined;
  limits?: "documented" | "observed" | undefined;
  /** No observation settles anything. */
  strict?: boolean | undefined;
  /** The file's name, for the extension note. */
  name?: string | null | undefined;
  /** The formats whose extensions are known; default: those that are read. */
  formats?: Readonly<Record<string, FormatRow>> | undefined;
  /** Nothing is said of table rows that pass. */
  brief?: boolean | undefined;
}

export interface Evaluation {
  verdict: Verdict;
  type: Kind | null;
  /** The evidence's facts with `resolution` filled in. */
  facts: Facts;
  /** Every rule judged, the passing ones too unless it is to be brief; notes last. */
  results: RuleResult[];
}

/** Evidence × table → results. Pure; branches on what rows declare, never on the kind of file. */
export function evaluate(evidence: Evidence, table: Table, options: EvaluateOptions = {}): Evaluation {
  const type = options.type ?? evidence.kind;
  const facts = { ...evidence.facts };
  const results =
    type === null ? [unknown(evidence, "file")] : evaluateAs(type, evidence, facts, table, options);
  const last = results.filter((j) => j.verdict === "note");
  return {
    verdict: worst(results.map((j) => j.verdict)),
    type,
    facts,
    results: [...results.filter((j) => j.verdict !== "note"), ...last],
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
  const format = rules?.find((rule) => rule.property === "format");
  if (evidence.format === null || evidence.kind === null) return [unknown(evidence, type, format)];
  const mode: Mode = {
    observed: options.limits === "observed",
    strict: options.strict === true,
    quiet: false,
    brief: options.brief,
  };
  const out: RuleResult[] = [];
  if (evidence.kind !== type || !rules) {
    out.push({
      ...plain(`${type}/type`, "type", "fail", evidence.kind),
      reason: "limit",
      limit: { equals: type },
      detail: rules
        ? { ...named(evidence), declared: type, ...(accepts(table, evidence) ? { accepted: "yes" } : {}) }
        : { table: table.id, kind: type },
    });
    if (format) out.push(...evaluateFormat(format, evidence, mode));
    return out;
  }
  if (options.type) out.push({ ...plain(`${type}/type`, "type", "pass", type), limit: { equals: type } });
  if (format) out.push(...evaluateFormat(format, evidence, mode));
  const refused = worst(out.map((j) => j.verdict)) === "fail";
  out.push(...integrity(type, evidence, refused));
  // What could not be read of a refused or broken file is no news.
  mode.quiet = refused || evidence.damage.some((d) => d.certain);
  let sizeFits = true;
  for (const rule of rules) {
    if (rule === format || (refused && rule.note)) continue;
    if (rule.tiers) {
      facts.resolution = resolution(rules, rule.tiers, facts);
      if (sizeFits && facts.resolution !== null)
        out.push(...evaluateRule(rule, { ...evidence, facts }, mode));
      continue;
    }
    const found = evaluateRule(rule, evidence, mode);
    if (rule.property === "pixels") sizeFits = worst(found.map((j) => j.verdict)) === "pass";
    out.push(...found);
  }
  addTarget(out, rules, evidence);
  out.push(...extension(type, evidence, options));
  for (const { crossCheck, why, required } of evidence.crossCheckNotes) {
    const blocks = required && !mode.quiet;
    out.push({
      ...plain(`${type}/cross-check`, "cross-check", blocks ? "unsure" : "note", crossCheck),
      ...(blocks ? { reason: "unread" } : null),
      detail: { crossCheck, why },
    });
  }
  return out;
}

/** Whether the table takes the file's format as what it is. */
function accepts(table: Table, { kind, format }: Evidence): boolean {
  const rule = kind && rulesFor(table, kind)?.find((r) => r.property === "format");
  return Boolean(rule && format && rule.documented.every((limit) => broken(limit, format) === null));
}

function evaluateFormat(rule: Rule, evidence: Evidence, mode: Mode): RuleResult[] {
  const judged = evaluateRule(rule, evidence, mode);
  for (const judgement of judged) judgement.detail = { ...named(evidence), ...judgement.detail };
  return judged;
}

function resolution(rules: readonly Rule[], tiers: NonNullable<Rule["tiers"]>, facts: Facts): string | null {
  const window = rules.find((rule) => rule.property === "pixels")?.documented[0] ?? null;
  return facts.pixels === null ? null : tierOf(facts.pixels, tiers, window);
}

const sides = ["width", "height", "aspectRatio", "pixels"] as const;

/** The picture size that would do, on each judgement that blocks for a size. */
function addTarget(out: RuleResult[], rules: readonly Rule[], evidence: Evidence): void {
  const blocking = out.filter(
    ({ subject, verdict, reason }) =>
      (verdict === "fail" || reason === "reading") && (sides as readonly string[]).includes(subject),
  );
  const size = evidence.sizes[0];
  if (blocking.length === 0 || !size) return;
  const limits: SizeLimits = {};
  for (const side of sides) limits[side] = rules.find((rule) => rule.property === side)?.documented.at(-1);
  const target = targetSize(size.width, size.height, limits);
  if (target) for (const judgement of blocking) judgement.target = target;
}
