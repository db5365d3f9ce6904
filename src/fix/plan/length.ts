import { CannotFix } from "./cannot-error.ts";
import type { Limits } from "./limits.ts";
import type { Attempt } from "./types.ts";

/** The part of a recording that is kept, in seconds. */
export interface Length {
  start: number;
  /** Null: to the end. */
  duration: number | null;
  /** What the output will last. */
  expected: number;
  /** An encoder's last audio frame may not reach beyond this; null: no bound is near. */
  audioEnd: number | null;
}

/** Encoders end on whole frames, up to 50 ms late; aiming a tenth of a second inside absorbs it (measured 2026-11). */
const margin = 0.1;

/**
 * @param longest the longest reading of the duration: what has to be inside the limit
 * @param main the duration that is kept: the video track's, or the audio's
 * @throws CannotFix `too-short`
 */
export function chooseLength(
  longest: number,
  main: number,
  limits: Limits,
  trim: number,
  attempt: Attempt,
): Length {
  const { low, high } = limits.interval("duration");
  const room = Math.max(high - low, 0);
  const aim = high - Math.min(margin + attempt.slack, room / 2);
  const rest = main - trim;
  const whole = trim === 0 && longest <= high && limits.allows("duration", tidy(longest)) && allowedBoth();
  if (whole)
    return { start: 0, duration: null, expected: main, audioEnd: high - main < 0.05 ? high - 0.06 : null };
  const listed = (limits.listed("duration") ?? []).map(Number).filter((n) => n <= rest + 0.001);
  const exact = listed.length ? Math.max(...listed) : null;
  const duration = tidy(exact ?? Math.min(rest, aim));
  if (!(duration > 0) || duration < low || !limits.allows("duration", duration))
    throw new CannotFix("too-short", `${round(Math.max(rest, 0))} < ${round(low)}`);
  return { start: trim, duration, expected: duration, audioEnd: null };

  /** Tracks of different length: each has to be inside. */
  function allowedBoth(): boolean {
    return limits.allows("duration", tidy(main));
  }
}

function tidy(seconds: number): number {
  return Math.floor(seconds * 1e6 + 1e-3) / 1e6;
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
