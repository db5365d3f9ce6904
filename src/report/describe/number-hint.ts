import type { Facts } from "../../facts/facts.ts";
import type { RuleResult } from "../../rules/verdict.ts";
import { type Text, text } from "../text.ts";
import { roundDown, roundUp } from "../units.ts";

/** The lower and the upper bound of a limit, inclusive or exclusive. */
export function bounds({ limit }: RuleResult): { low: number | undefined; high: number | undefined } {
  const { min, above, max, below } = limit ?? {};
  return { low: min ?? above, high: max ?? below };
}

/** How to bring a blocking number inside its limit: with a value that encoders can reach. */
export function numberHint(result: RuleResult, facts: Facts): Text | null {
  const { subject, actual } = result;
  if (subject === "duration") return durationHint(result);
  if (typeof actual !== "number") return null;
  if (subject === "frameRate") return frameRateHint(result, actual);
  return subject === "size" ? sizeHint(result, actual, facts) : null;
}

/** Seconds to stay inside a limit: a cut lands on a frame, and an AAC frame lasts up to 22 ms. */
export const margin = 0.1;

export function durationHint(result: RuleResult): Text | null {
  const { low = 0, high = Number.POSITIVE_INFINITY } = bounds(result);
  const readings = [result.actual, ...result.readings.map((r) => r.value)].filter(
    (v) => typeof v === "number",
  );
  if (Math.max(0, ...readings) > high)
    return text("hint.trim", { n: high > 2 * margin ? roundDown(high - margin, 1) : high });
  if (Math.min(Number.POSITIVE_INFINITY, ...readings) < low)
    return text("hint.lengthen", { n: roundUp(low + margin, 1) });
  return null;
}

const commonRates = [24, 25, 30, 50, 60];

export function frameRateHint(result: RuleResult, actual: number): Text | null {
  const { low, high } = bounds(result);
  const fits = commonRates.filter((rate) => rate >= (low ?? 0) && rate <= (high ?? Number.POSITIVE_INFINITY));
  const nearest = fits.sort((a, b) => Math.abs(a - actual) - Math.abs(b - actual))[0] ?? low ?? high;
  return nearest === undefined ? null : text("hint.fps", { n: nearest });
}

function sizeHint(result: RuleResult, actual: number, facts: Facts): Text | null {
  const { high = Number.POSITIVE_INFINITY } = bounds(result);
  if (actual < high) return null;
  const n = result.limit?.max === undefined ? high - 1 : high;
  const rate = facts.duration ? roundDown((n * 8) / facts.duration / 1e6, 1) : 0;
  return rate > 0 ? text("hint.bitRate", { rate, n }) : text("hint.shrink", { n });
}
