import type { Finding } from "../../report/report.ts";
import { formatBytes, formatNumber } from "../../report/units.ts";

/** A limit to be drawn: a track, the part of it that is allowed, and where the file lies. */
export interface Bar {
  /** The allowed part, in per cent of the track. */
  from: number;
  to: number;
  /** The file's own place; where its claims differ, theirs too. The first is the one that counts. */
  at: number[];
  /** What is written at the ends of the allowed part; null where it has no such end. */
  low: string | null;
  high: string | null;
}

/** A value with its unit, as short as it can be said; `unit` names units in the page's language. */
export function amount(value: unknown, of: string | null, unit: (name: string) => string): string {
  if (typeof value !== "number") return String(value ?? "");
  if (of === "B") return formatBytes(value);
  return of ? `${formatNumber(value)} ${unit(of)}` : formatNumber(value);
}

const share = { both: [24, 76], high: [0, 76], low: [24, 100] } as const;

/**
 * A number and its limit as a bar, or null where the limit has no bounds. What is allowed has a fixed place, so that
 * a glance tells; what lies outside comes nearer to the end of the track the further out it is.
 */
export function barOf({ actual, limit, unit, readings }: Finding): Bar | null {
  if (typeof actual !== "number" || !limit) return null;
  const min = bound(limit.min ?? limit.above);
  const max = bound(limit.max ?? limit.below);
  if (min === null && max === null) return null;
  const [from, to] = share[min === null ? "high" : max === null ? "low" : "both"];
  const end = (n: number | null): string | null =>
    n === null ? null : unit === "B" ? formatBytes(n) : formatNumber(n);
  const claims = readings.map((reading) => reading.value).filter((value) => typeof value === "number");
  const at = [actual, ...claims].map((value) => place(value, min, max, from, to, unit));
  return { from, to, at: [...new Set(at)], low: end(min), high: end(max) };
}

function place(
  value: number,
  min: number | null,
  max: number | null,
  from: number,
  to: number,
  unit: string | null,
): number {
  if (min !== null && value < min) return from * Math.max(0.06, (value / min) * 0.92);
  if (max !== null && value > max) return to + (100 - to) * (1 - 0.92 * (max / value));
  if (max === null) return to - (to - from) * ((min ?? 1) / (value || 1));
  // Lengths and shapes are compared by how many times, spans of time by how much more.
  const times = min !== null && min > 0 && (unit === "px" || unit === null);
  const scale = times ? Math.log : (n: number): number => n;
  const low = scale(min ?? 0);
  return Math.max(2, from + (to - from) * ((scale(value) - low) / (scale(max) - low || 1)));
}

const bound = (value: unknown): number | null => (typeof value === "number" ? value : null);
