import { CannotFix } from "./cannot-error.ts";
import type { Limits } from "./limits.ts";
import type { Attempt } from "./types.ts";

/** The part of a recording that is kept, in seconds. */
export interface Length {
  start: number;
  /** Null: to the end. */
  duration: number | null;
  /** The duration of the output. */
  expected: number;
  /** An encoder's last audio frame may not reach beyond this; null: no bound is near. */
  audioEnd: number | null;
}

/** Encoders end on whole frames, up to 50 ms late; aiming a tenth of a second inside absorbs it (measured 2026-11). */
const margin = 0.1;

/**
 * Chooses the part of a recording to keep.
 * @param longest the longest reading of the duration, which has to be inside the limit
 * @param main the duration that is kept: the video track's, or the audio's
 * @throws CannotFix `too-short`, `after-end`
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
  if (trim > 0 && rest <= 0)
    throw new CannotFix("after-end", `${roundToMillisecond(trim)} ≥ ${roundToMillisecond(main)}`);
  const keepsAll =
    trim === 0 && longest <= high && limits.allows("duration", floorToMicrosecond(longest)) && allowedBoth();
  if (keepsAll)
    // All of it is kept, so that the output is as long as the longest track.
    return {
      start: 0,
      duration: null,
      expected: longest,
      audioEnd: high - longest < 0.05 ? high - 0.06 : null,
    };
  const listed = (limits.listed("duration") ?? []).map(Number).filter((n) => n <= rest + 0.001);
  const exact = listed.length ? Math.max(...listed) : null;
  const duration = floorToMicrosecond(exact ?? Math.min(rest, aim));
  if (!(duration > 0) || duration < low || !limits.allows("duration", duration))
    throw new CannotFix("too-short", `${roundToMillisecond(rest)} < ${roundToMillisecond(low)}`);
  return { start: trim, duration, expected: duration, audioEnd: null };

  /** Tracks may differ in length: each has to be inside the limit. */
  function allowedBoth(): boolean {
    return limits.allows("duration", floorToMicrosecond(main));
  }
}

function floorToMicrosecond(seconds: number): number {
  return Math.floor(seconds * 1e6 + 1e-3) / 1e6;
}

function roundToMillisecond(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
