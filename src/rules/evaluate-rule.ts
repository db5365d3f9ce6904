import type { Evidence } from "../facts/evidence.ts";
import type { Rule } from "./compile.ts";
import { applies } from "./condition.ts";
import { evaluateReadings } from "./evaluate-readings.ts";
import { violatedOperator } from "./limit.ts";
import { alwaysHas, canEvaluate, readingsOf, unreadOf, unreadRest } from "./readings.ts";
import { emptyResult, type Reason, type RuleResult, type Verdict } from "./verdict.ts";

/** How rows of a table are applied. */
export interface RowOptions {
  /** "observed" uses the limits that the service has been seen to accept, where a row has them. */
  limits?: "documented" | "observed" | undefined;
  /** Treats ambiguous results as unsure, even if an observation would resolve them. */
  strict?: boolean | undefined;
  /** Leaves out results that pass. */
  omitPassed?: boolean | undefined;
  /** Leaves out results for values that could not be read. */
  omitUnread?: boolean | undefined;
}

/** Evaluates one row of a table on all readings of its property. Empty if the row does not apply. */
export function evaluateRule(rule: Rule, evidence: Evidence, options: RowOptions): RuleResult[] {
  if (rule.when.length === 0) return evaluateRow(rule, evidence, options);
  const { answer, property } = applies(rule.when, evidence);
  if (answer === "no") return [];
  const results = evaluateRow(rule, evidence, options);
  if (answer === "yes" || !property) return results;
  // If it is uncertain whether the row applies, a broken limit is unsure.
  const reason = answer === "unknown" ? "unread" : "reading";
  return results.map((result) =>
    result.reason === "limit" ? { ...result, verdict: "unsure", reason, condition: property } : result,
  );
}

function evaluateRow(rule: Rule, evidence: Evidence, options: RowOptions): RuleResult[] {
  const { strict = false, omitPassed, omitUnread } = options;
  const observed = options.limits === "observed";
  const limits = observed ? rule.loosened : rule.documented;
  if (limits.length === 0 && !rule.required && !rule.forbidden) return [];
  const all = readingsOf(evidence, rule.property);
  const readings: typeof all = [];
  const values: (number | string)[] = [];
  for (const reading of all)
    if (canEvaluate(reading.value)) {
      readings.push(reading);
      if (!values.includes(reading.value)) values.push(reading.value);
    }
  const why = unreadOf(evidence, rule.property) ?? (readings.length ? null : unreadRest(evidence));
  const expected = alwaysHas(evidence, rule.property);
  const result =
    values.length && limits.length
      ? evaluateReadings(values, limits, observed ? [] : rule.observed, strict)
      : null;
  const unread = why !== null || all.length > readings.length || (values.length === 0 && expected);
  if (result?.outcome === "pass" && !unread && !rule.forbidden && omitPassed) return [];
  const base = emptyResult(rule.id, rule.property, "pass", shown(values[0] ?? null, rule));
  base.limit = limits[0] ?? null;
  base.unit = rule.unit;
  if (values.length > 1) base.readings = readings;
  if (rule.printed.unit !== rule.unit && !observed) base.printed = rule.printed;
  if (result?.operator) base.operator = result.operator;
  if (result?.observed) base.observed = result.observed;
  const blocked = (verdict: Verdict, reason: Reason, more: Partial<RuleResult> = {}): RuleResult[] => [
    { ...base, ...more, ...(rule.note ? { verdict: "note" } : { verdict, reason }) },
  ];
  if (rule.forbidden && values.length) return blocked("fail", "limit", { detail: { presence: "forbidden" } });
  // A limit that is broken under every reading stays broken, whatever else could not be read.
  if (result?.outcome === "fail") {
    const { alsoDocumented } = rule;
    const admitted = values.every(
      (value) => alsoDocumented && violatedOperator(alsoDocumented.limit, value) === null,
    );
    return blocked("fail", "limit", alsoDocumented && admitted ? { alsoDocumented } : {});
  }
  if (unread) return omitUnread || rule.note ? [] : blocked("unsure", "unread", why ? { unread: why } : {});
  if (values.length === 0)
    return rule.required ? blocked("fail", "limit", { detail: { presence: "required" } }) : [];
  if (!result || result.outcome === "pass") return [base];
  if (limits.length > 1) base.or = limits.slice(1);
  return result.outcome === "resolved" ? [{ ...base, verdict: "note" }] : blocked("unsure", "reading");
}

/** Rounded as in the facts: ratios to four decimals, other numbers to six. */
function shown(value: number | string | null, rule: Rule): number | string | null {
  if (typeof value !== "number") return value;
  const scale = rule.property === "aspectRatio" ? 1e4 : 1e6;
  return Math.round(value * scale) / scale;
}
