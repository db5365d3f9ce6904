import type { Confidence } from "./schema.ts";

/** One reading of a limit, its numbers in base units (bytes, not MB). */
export interface Limit {
  /** Inclusive, as `max`. */
  min?: number | undefined;
  max?: number | undefined;
  /** Exclusive, as `below`. */
  above?: number | undefined;
  below?: number | undefined;
  in?: readonly (string | number)[] | undefined;
  notIn?: readonly (string | number)[] | undefined;
  equals?: string | number | boolean | undefined;
  multipleOf?: number | undefined;
  /** Aspect ratios such as "16:9". */
  ratios?: readonly string[] | undefined;
  /** How far from a ratio the value may be, as a share of it. */
  tolerance?: number | undefined;
}

/** Bounds that the upstream service has been seen to accept. They replace the same sides of the documented limit. */
export interface Observation {
  limit: Limit;
  confidence: Confidence;
  checked: string;
  source: string;
}

/** A looser limit that another document of the service states; it is mentioned, and never decides a verdict. */
export interface AlsoDocumented {
  limit: Limit;
  by: "generation-api";
  checked: string;
  source: string;
}

export type Value = number | string | boolean;

/** The operators a limit can state. */
export type Operator = Exclude<keyof Limit, "tolerance">;

const operators: readonly Operator[] = [
  "min",
  "max",
  "above",
  "below",
  "in",
  "notIn",
  "equals",
  "multipleOf",
  "ratios",
];

/** The first operator that the value violates, or null. A value that is not a number violates every bound. */
export function violatedOperator(limit: Limit, value: Value): Operator | null {
  const n = typeof value === "number" ? value : Number.NaN;
  const { min, max, above, below, equals, multipleOf, ratios } = limit;
  if (min !== undefined && !(n >= min)) return "min";
  if (max !== undefined && !(n <= max)) return "max";
  if (above !== undefined && !(n > above)) return "above";
  if (below !== undefined && !(n < below)) return "below";
  if (limit.in?.includes(value as string) === false) return "in";
  if (limit.notIn?.includes(value as string)) return "notIn";
  if (equals !== undefined && value !== equals) return "equals";
  if (multipleOf !== undefined && n % multipleOf !== 0) return "multipleOf";
  return ratios && !nearRatio(n, ratios, limit.tolerance ?? 0) ? "ratios" : null;
}

/** Only the operators of a row, without its other keys. */
export function boundsOf(row: Limit): Limit {
  const stated = [...operators, "tolerance" as const].filter((key) => row[key] !== undefined);
  return Object.fromEntries(stated.map((key) => [key, row[key]]));
}

/** Whether `n` is close to one of the ratios. The tolerance is relative: 0.01 is one per cent. */
function nearRatio(n: number, ratios: readonly string[], tolerance: number): boolean {
  return ratios.some((ratio) => {
    const [w = 0, h = 1] = ratio.split(":").map(Number);
    return Math.abs(n / (w / h) - 1) <= tolerance + 1e-9;
  });
}

/** A copy of `limit` in which `over` replaces each side that it states. */
export function overlay(limit: Limit, over: Limit): Limit {
  const out = { ...limit };
  if (over.min !== undefined || over.above !== undefined) out.min = out.above = undefined;
  if (over.max !== undefined || over.below !== undefined) out.max = out.below = undefined;
  return { ...out, ...over };
}

const looser = { min: Math.min, above: Math.min, max: Math.max, below: Math.max } as const;
const sides = Object.keys(looser) as (keyof typeof looser)[];

/** The loosest bound of several observations for each side. */
export function loosest(observations: readonly Observation[]): Limit {
  const out: Limit = {};
  for (const { limit } of observations) {
    const before = { ...out };
    Object.assign(out, limit);
    for (const side of sides) {
      const [a, b] = [before[side], limit[side]];
      if (a !== undefined) out[side] = b === undefined ? a : looser[side](a, b);
    }
  }
  // If two observations state a side inclusively and exclusively, keep the looser bound.
  if (out.min !== undefined && out.above !== undefined) delete out[out.min <= out.above ? "above" : "min"];
  if (out.max !== undefined && out.below !== undefined) delete out[out.max >= out.below ? "below" : "max"];
  return out;
}
