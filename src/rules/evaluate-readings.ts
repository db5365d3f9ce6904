import { broken, type Limit, type Observation, type Operator, overlay, type Value } from "./limit.ts";
import type { Confidence } from "./schema.ts";

/** What all readings of a fact under all readings of a limit come to. */
export interface ReadingsResult {
  outcome: "pass" | "settled" | "unsure" | "fail";
  /** The first operator that a combination breaks. */
  operator: Operator | null;
  /** Settled: the observation that settled it. Failed: one that still admits every reading. */
  observed: Observation | null;
}

const settling: readonly Confidence[] = ["medium-high", "high"];

/**
 * Passes if every combination passes, fails if every one fails. Else an observation of medium-high or high
 * confidence that admits every reading settles it, unless `strict`; else it is unsure.
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
      const operatorBroken = broken(limit, value);
      if (operatorBroken === null) passes++;
      else operator ??= operatorBroken;
    }
  if (operator === null) return { outcome: "pass", operator, observed: null };
  const admits = ({ limit }: Observation): boolean =>
    limits.every((l) => values.every((value) => broken(overlay(l, limit), value) === null));
  if (passes === 0) return { outcome: "fail", operator, observed: observed.find(admits) ?? null };
  const by = strict ? null : (observed.find((o) => settling.includes(o.confidence) && admits(o)) ?? null);
  return { outcome: by ? "settled" : "unsure", operator, observed: by };
}
