import { CannotFix } from "./cannot-error.ts";
import type { Limits } from "./limits.ts";
import type { Planning } from "./planning.ts";

/** The largest file that size and bit-rate limits allow, in bytes, less three per cent. */
export function byteLimit(limits: Limits, seconds: number): number {
  const size = limits.interval("size").high;
  const rate = (limits.interval("bitRate").high * seconds) / 8;
  const max = Math.min(size, rate);
  return Number.isFinite(max) ? Math.floor(max * 0.97) : Number.MAX_SAFE_INTEGER;
}

/**
 * Refuses a file that is below a minimum of size or bit rate, or will be after trimming: converting rarely makes a file
 * larger, and there is nothing useful to add.
 * @param share part of the recording that is kept, 0 – 1
 * @throws CannotFix `minimum-size`
 */
export function requireMinimumSize({ source, limits }: Planning, share = 1, seconds = 0): void {
  const min = Math.max(limits.interval("size").low, (limits.interval("bitRate").low * seconds) / 8);
  if (source.bytes * Math.min(share, 1) < min) throw new CannotFix("minimum-size", String(Math.ceil(min)));
}
