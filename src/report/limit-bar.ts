import type { Finding } from "./report.ts";
import { formatBytes, formatNumber } from "./units.ts";

/** A limit as a bar: the allowed part, and the position of the file's value on it. */
export interface Bar {
  /** The allowed part, in per cent of the track. */
  from: number;
  to: number;
  /** Positions of the file's value and of its other readings, in per cent. */
  at: number[];
  /** The text at each end of the allowed part; null where that side has no limit. */
  low: string | null;
  high: string | null;
}

/** How numbers are written. */
export interface NumberFormat {
  number(value: number, digits?: number): string;
  bytes(value: number): string;
}

const english: NumberFormat = { number: formatNumber, bytes: formatBytes };

/** A value with its unit; `unit` names units in the page's language. */
export function amount(
  value: unknown,
  of: string | null,
  unit: (name: string) => string,
  { number, bytes }: NumberFormat = english,
): string {
  if (typeof value !== "number") return String(value ?? "");
  if (of === "B") return bytes(value);
  return of ? `${number(value)} ${unit(of)}` : number(value);
}

const allowedRanges = { both: [24, 76], high: [0, 76], low: [24, 100] } as const;

/**
 * A number and its limit as a bar, or null where the limit has no bounds. The allowed part has a fixed place, so that
 * bars can be compared at a glance; the further outside a value is, the nearer it is to the end of the track.
 */
export function barOf(
  { actual, limit, unit, readings }: Finding,
  { number, bytes }: NumberFormat = english,
): Bar | null {
  if (typeof actual !== "number" || !limit) return null;
  const min = bound(limit.min ?? limit.above);
  const max = bound(limit.max ?? limit.below);
  if (min === null && max === null) return null;
  const [from, to] = allowedRanges[min === null ? "high" : max === null ? "low" : "both"];
  const end = (n: number | null): string | null => (n === null ? null : unit === "B" ? bytes(n) : number(n));
  const otherReadings = readings.map((reading) => reading.value).filter((value) => typeof value === "number");
  const at = [actual, ...otherReadings].map((value) => positionOf(value, min, max, from, to, unit));
  return { from, to, at: [...new Set(at)], low: end(min), high: end(max) };
}

function positionOf(
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
  // Lengths and ratios are compared by factors, times and sizes by differences.
  const byFactor = min !== null && min > 0 && (unit === "px" || unit === null);
  const scale = byFactor ? Math.log : (n: number): number => n;
  const low = scale(min ?? 0);
  return Math.max(2, from + (to - from) * ((scale(value) - low) / (scale(max) - low || 1)));
}

const bound = (value: unknown): number | null => (typeof value === "number" ? value : null);
