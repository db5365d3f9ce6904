import {
  type Limit,
  type Observation,
  type Operator,
  overlay,
  type Value,
  violatedOperator,
} from "./limit.ts";
import type { Confidence } from "./schema.ts";

/** The result for all readings of a fact under all readings of a limit. */
export interface ReadingsResult {
  outcome: "pass" | "resolved" | "unsure" | "fail";
  /** The first operator that a combination breaks. */
  operator: Operator | null;
  /** The observation that admits every reading: it resolved the ambiguity, or it is mentioned in a failure. */
  observed: Observation | null;
}

const trusted: readonly Confidence[] = ["medium-high", "high"];

/**
 * Passes if every combination passes, and fails if every one fails. Otherwise it is resolved by an observation of
 * medium-high or high confidence that admits every reading, unless `strict`; without one it is unsure.
 */
export function evaluateReadings(
  values: readonly Value[],
  limits: readonly Limit[],
  observed: readonly Observation[],
  strict: boolean,
): ReadingsResult {
  let passes = 0;
  let operator: Operator | null = null;
  for (const limit of limits)
    for (const value of values) {
      const violated = violatedOperator(limit, value);
      if (violated === null) passes++;
      else operator ??= violated;
    }
  if (operator === null) return { outcome: "pass", operator, observed: null };
  const admits = ({ limit }: Observation): boolean =>
    limits.every((l) => values.every((value) => violatedOperator(overlay(l, limit), value) === null));
  if (passes === 0) return { outcome: "fail", operator, observed: observed.find(admits) ?? null };
  const by = strict ? null : (observed.find((o) => trusted.includes(o.confidence) && admits(o)) ?? null);
  return { outcome: by ? "resolved" : "unsure", operator, observed: by };
}
