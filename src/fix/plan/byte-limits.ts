import { CannotFix } from "./cannot-error.ts";
import type { Limits } from "./limits.ts";
import type { Planning } from "./planning.ts";

/** The largest file that size and bit-rate limits allow, aimed three per cent inside. */
export function byteLimit(limits: Limits, seconds: number): number {
  const size = limits.interval("size").high;
  const rate = (limits.interval("bitRate").high * seconds) / 8;
  const most = Math.min(size, rate);
  return Number.isFinite(most) ? Math.floor(most * 0.97) : Number.MAX_SAFE_INTEGER;
}

/**
 * Refuses a file that is under a minimum of size or bit rate already, or gets there by the trim: converting makes a file
 * smaller, rarely larger, and padding it with nothing would only satisfy the letter.
 * @param share part of the recording that is kept, 0 – 1
 * @throws CannotFix `minimum-size`
 */
export function requireMinimumSize({ source, limits }: Planning, share = 1, seconds = 0): void {
  const least = Math.max(limits.interval("size").low, (limits.interval("bitRate").low * seconds) / 8);
  if (source.bytes * Math.min(share, 1) < least)
    throw new CannotFix("minimum-size", String(Math.ceil(least)));
}
