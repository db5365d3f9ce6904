import type { Confidence } from "./schema.ts";

/** One reading of a limit, its numbers in base units (bytes, not MB). */
export interface Limit {
  min?: number | undefined;
  max?: number | undefined;
  above?: number | undefined;
  below?: number | undefined;
  in?: readonly (string | number)[] | undefined;
  notIn?: readonly (string | number)[] | undefined;
  equals?: string | number | boolean | undefined;
  multipleOf?: number | undefined;
  ratios?: readonly string[] | undefined;
  tolerance?: number | undefined;
}

/** What upstream was seen to accept: it replaces the sides of a limit that it states. */
export interface Observation {
  limit: Limit;
  confidence: Confidence;
  checked: string;
  source: string;
}

export type Value = number | string | boolean;

const operators = ["min", "max", "above", "below", "in", "notIn", "equals", "multipleOf", "ratios"] as const;

/** The operators a limit can state. */
export type Operator = (typeof operators)[number];

/** The first operator that the value breaks, or null. Whatever is not a number breaks every bound. */
export function broken(limit: Limit, value: Value): Operator | null {
  const n = typeof value === "number" ? value : Number.NaN;
  for (const operator of operators) {
    const bound = limit[operator];
    if (bound === undefined) continue;
    const holds =
      operator === "min"
        ? n >= (bound as number)
        : operator === "max"
          ? n <= (bound as number)
          : operator === "above"
            ? n > (bound as number)
            : operator === "below"
              ? n < (bound as number)
              : operator === "in"
                ? (bound as readonly Value[]).includes(value)
                : operator === "notIn"
                  ? !(bound as readonly Value[]).includes(value)
                  : operator === "equals"
                    ? value === bound
                    : operator === "multipleOf"
                      ? n % (bound as number) === 0
                      : nearRatio(n, bound as readonly string[], limit.tolerance ?? 0);
    if (!holds) return operator;
  }
  return null;
}

/** The tolerance is relative: 0.01 is one per cent of the ratio. */
function nearRatio(n: number, ratios: readonly string[], tolerance: number): boolean {
  return ratios.some((ratio) => {
    const [w = 0, h = 1] = ratio.split(":").map(Number);
    return Math.abs(n / (w / h) - 1) <= tolerance + 1e-9;
  });
}

/** `limit` with the sides that `over` states replaced by it. */
export function overlay(limit: Limit, over: Limit): Limit {
  const out = { ...limit };
  if (over.min !== undefined || over.above !== undefined) out.min = out.above = undefined;
  if (over.max !== undefined || over.below !== undefined) out.max = out.below = undefined;
  return { ...out, ...over };
}

/** The loosest of several observations, side by side. */
export function loosest(observations: readonly Observation[]): Limit {
  const out: Limit = {};
  for (const { limit } of observations) {
    const { min, max, above, below, ...rest } = limit;
    if (min !== undefined && !(out.min !== undefined && out.min <= min)) out.min = min;
    if (max !== undefined && !(out.max !== undefined && out.max >= max)) out.max = max;
    if (above !== undefined && !(out.above !== undefined && out.above <= above)) out.above = above;
    if (below !== undefined && !(out.below !== undefined && out.below >= below)) out.below = below;
    Object.assign(out, rest);
  }
  // A side stated both closed and open by two observations: the looser one stays.
  if (out.min !== undefined && out.above !== undefined)
    out.min <= out.above ? delete out.above : delete out.min;
  if (out.max !== undefined && out.below !== undefined)
    out.max >= out.below ? delete out.below : delete out.max;
  return out;
}
