import type { Evidence } from "../evidence.ts";
import type { DeltaRun, Spacing, Timing } from "./timing.ts";

/** Rates that cameras, editors and encoders offer; the NTSC ones are exact fractions. */
const namedRates: readonly number[] = [
  10,
  12,
  12.5,
  15000 / 1001,
  15,
  20,
  24000 / 1001,
  24,
  25,
  30000 / 1001,
  30,
  48000 / 1001,
  48,
  50,
  60000 / 1001,
  60,
  72,
  75,
  90,
  100,
  120000 / 1001,
  120,
  144,
  240000 / 1001,
  240,
];

/** A frame must last at least this many rounding units; otherwise its rate cannot be distinguished from similar ones. */
const minUnitsPerFrame = 3;
/** Intervals between frames that are needed to distinguish rounding from irregular spacing. */
const minIntervals = 4;
/** Intervals at the start that are ignored: remuxers guess the first decode times of a stream with B-frames. */
const leadInIntervals = 4;
/** Relative difference allowed between an irregular track's average and its nominal rate. */
const averageTolerance = 0.015;

/**
 * Adds the average and the nominal frame rate of a video track, and whether its frames are evenly spaced.
 * The nominal rate is the one whose timestamps, rounded to the file's clock, are the ones in the file: Matroska and
 * FLV round to 1 ms, phones to 1/600 s, and a remux keeps those steps in any time scale. Where frames are spaced
 * irregularly it is the rate of the commonest interval.
 */
export function addFrameRates(evidence: Evidence, timing: Timing, timescale: number): void {
  const { samples, ticks } = timing;
  const spacing = timing.spacing();
  if (!spacing || !(ticks > 0) || !timescale) return;
  const average = (samples * timescale) / ticks;
  const { nominal, constant } = nominalRate(timing, spacing, timescale, average);
  evidence.facts.frameRateMode = constant ? "constant" : "variable";
  evidence.frameRates.push({ value: average, from: "average" });
  for (const value of [nominal, wholeRateOf(nominal)])
    if (value && Number.isFinite(value) && evidence.frameRates.every((r) => Math.abs(r.value - value) > 1e-6))
      evidence.frameRates.push({ value, from: "nominal" });
}

function nominalRate(
  timing: Timing,
  { delta, equal, rounded }: Spacing,
  timescale: number,
  average: number,
): { nominal: number; constant: boolean } {
  const exact = timescale / delta;
  if (equal) return { nominal: exact, constant: true };
  const runs = withoutLeadIn(timing.runs);
  const clock = { timescale, unit: roundingUnit(runs, timescale, delta) };
  const whole = fitRate(runs, clock, delta, wholeRates(clock, delta));
  if (whole) return { nominal: whole.rate, constant: rounded || whole.everyFrame };
  // An average is off by a rounding at either end.
  const twice = { ...clock, unit: clock.unit * 2 };
  const even = fitRate(runs, twice, delta, [averageOf(runs, timescale)]);
  const constant = rounded || even?.everyFrame === true;
  if (namedRates.some((rate) => Math.abs(rate / exact - 1) < 1e-6)) return { nominal: exact, constant };
  if (even) return { nominal: average, constant };
  return { nominal: nearestNamedRate(clock, delta, average) ?? (rounded ? average : exact), constant };
}

/** A track's clock: ticks a second, and the ticks that its timestamps are rounded to. */
interface Clock {
  timescale: number;
  unit: number;
}

/** One tick; or a millisecond, or the step that all intervals are multiples of, where that is longer. */
function roundingUnit(runs: readonly DeltaRun[], timescale: number, delta: number): number {
  let step = 0;
  for (const run of runs) step = greatestCommonDivisor(step, Math.abs(run.delta));
  const longest = delta / minUnitsPerFrame;
  return Math.max(1, ...[step, timescale / 1000].filter((unit) => unit <= longest));
}

function withoutLeadIn(runs: readonly DeltaRun[]): DeltaRun[] {
  let left = leadInIntervals;
  const rest: DeltaRun[] = [];
  for (const { count, delta } of runs) {
    const kept = Math.max(0, count - left);
    left -= count - kept;
    if (kept > 0) rest.push({ count: kept, delta });
  }
  return rest;
}

/** Intervals a second. */
function averageOf(runs: readonly DeltaRun[], timescale: number): number {
  let [intervals, ticks] = [0, 0];
  for (const { count, delta } of runs) {
    intervals += count;
    ticks += count * delta;
  }
  return (intervals * timescale) / ticks;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/** Rates of which an interval may be a rounding: first the named ones, then integers and their NTSC forms. */
function wholeRates({ timescale, unit }: Clock, delta: number): number[] {
  const low = Math.floor(timescale / (delta + unit));
  const high = Math.ceil(timescale / Math.max(1, delta - unit));
  const rates = [...namedRates];
  for (let n = low; n <= high && n - low < 100; n++) rates.push(n, (n * 1000) / 1001);
  return rates;
}

/** The first of these rates that reproduces the timestamps, and whether no frame was dropped; null where none does. */
function fitRate(
  runs: readonly DeltaRun[],
  { timescale, unit }: Clock,
  delta: number,
  rates: readonly number[],
): { rate: number; everyFrame: boolean } | null {
  // Rounded to a millisecond and then to a tick, or the other way round.
  const tolerance = unit + Math.min(1, timescale / 1000) + 1e-6;
  let best: { rate: number; everyFrame: boolean; spread: number } | null = null;
  for (const [i, rate] of rates.entries()) {
    if (best && i >= namedRates.length) break;
    if (delta < unit * minUnitsPerFrame || Math.abs(timescale / rate - delta) > unit) continue;
    const { spread, intervals, single } = deviation(runs, timescale / rate);
    if (intervals < minIntervals || single * 2 < intervals || spread > tolerance) continue;
    if (!best || spread < best.spread) best = { rate, everyFrame: single === intervals, spread };
  }
  return best;
}

/**
 * How far timestamps deviate from a grid of `period` ticks that may skip frames: the distance between the earliest
 * and the latest one, in ticks; and how many intervals are one period long.
 */
function deviation(
  runs: readonly DeltaRun[],
  period: number,
): { spread: number; intervals: number; single: number } {
  let [offset, earliest, latest, intervals, single] = [0, 0, 0, 0, 0];
  for (const { count, delta } of runs) {
    const periods = Math.max(1, Math.round(delta / period));
    offset += count * (delta - periods * period);
    earliest = Math.min(earliest, offset);
    latest = Math.max(latest, offset);
    intervals += count;
    if (periods === 1) single += count;
  }
  return { spread: latest - earliest, intervals, single };
}

/** The named rate next to the average of which the commonest interval may be a rounding. */
function nearestNamedRate({ timescale, unit }: Clock, delta: number, average: number): number | null {
  const near = namedRates
    .filter((rate) => Math.abs(rate / average - 1) < averageTolerance)
    .filter((rate) => Math.abs(timescale / rate - delta) < unit)
    .sort((a, b) => Math.abs(a - average) - Math.abs(b - average));
  return near[0] ?? null;
}

/** The integer that an NTSC rate is called by: 24 for 24000/1001. */
function wholeRateOf(rate: number): number | null {
  const whole = Math.round((rate * 1001) / 1000);
  return whole > 0 && Math.abs(rate / ((whole * 1000) / 1001) - 1) < 0.0002 ? whole : null;
}
