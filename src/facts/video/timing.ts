import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import type { Cursor, View } from "../cursor.ts";
import type { Box } from "../isobmff/boxes.ts";
import { eachBatch, eachEntry, tableOf } from "../isobmff/tables.ts";

/** Maximum of distinct durations counted: with more, a track is variable. */
const maxDeltas = 4096;
/** Maximum of stored runs of equal durations: some minutes of a track whose timestamps are rounded. */
const maxRuns = 8192;
/** Composition offsets that are read: an encoder's reordering depth shows in its first pictures. */
const maxOffsets = 1024;

/** Consecutive samples of one duration, in ticks. */
export interface DeltaRun {
  count: number;
  delta: number;
}

/** The intervals between samples. */
export interface Spacing {
  /** The most frequent interval, in ticks. */
  delta: number;
  /** All intervals are equal. */
  equal: boolean;
  /** They differ by at most the rounding to a tick. */
  rounded: boolean;
}

/** The durations of one track's samples, from stts, ctts and trun. */
export class Timing {
  /** Samples that have a time. */
  samples = 0;
  /** Sum of their durations. */
  ticks = 0;
  /** From the first sample's time to the last one's end, where fragments state both; else as `ticks`. */
  span = 0;
  /** Composition offset of the first sample, and the largest one: how long after decoding pictures are shown, in ticks. */
  shift = 0;
  reorder = 0;
  /** Samples by duration. */
  readonly #deltas: Map<number, number> = new Map();
  readonly #runs: DeltaRun[] = [];
  #last: number | null = null;

  add(count: number, delta: number): void {
    if (count <= 0) return;
    this.samples += count;
    this.ticks += count * delta;
    this.span += count * delta;
    const known = this.#deltas.get(delta);
    if (known !== undefined || this.#deltas.size < maxDeltas) this.#deltas.set(delta, (known ?? 0) + count);
    // The last sample's own duration is no interval, since no sample follows it: it is added with the next.
    if (this.#last !== null) this.#addRun(1, this.#last);
    this.#addRun(count - 1, delta);
    this.#last = delta;
  }

  #addRun(count: number, delta: number): void {
    if (count <= 0 || this.#runs.length > maxRuns) return;
    const last = this.#runs.at(-1);
    if (last?.delta === delta) last.count += count;
    else this.#runs.push({ count, delta });
  }

  /** The first intervals between samples, in order. */
  get runs(): readonly DeltaRun[] {
    return this.#runs.length > maxRuns ? this.#runs.slice(0, maxRuns) : this.#runs;
  }

  /** Null where fewer than two samples are known. */
  spacing(): Spacing | null {
    if (this.samples < 2 || this.#last === null) return null;
    const counts = new Map(this.#deltas);
    counts.set(this.#last, (counts.get(this.#last) ?? 1) - 1);
    let delta = 0;
    let times = 0;
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (const [d, n] of counts) {
      if (n <= 0) continue;
      if (n > times) [delta, times] = [d, n];
      least = Math.min(least, d);
      most = Math.max(most, d);
    }
    // 16 and 17 in a scale of 1000 are 60 a second; 1 and 2 in a scale of 30 are no rounding.
    return { delta, equal: most === least, rounded: most - least <= 1 && least >= 8 };
  }
}

/**
 * Reads stts and the beginning of ctts (ISO/IEC 14496-12 §8.6.1). No more samples than `limit` are counted: a
 * time-to-sample table with more entries than there are sizes does not make them longer.
 */
export function readTiming(
  cursor: Cursor,
  tables: ReadonlyMap<string, Box>,
  timing: Timing,
  limit: number,
): MaybePromise<{ stated: number; short: boolean }> {
  const stts = tables.get("stts");
  const ctts = tables.get("ctts");
  const times = stts ? readDurations(cursor, stts, timing, limit) : { stated: 0, short: false };
  return andThen(times, (counts) => andThen(ctts && readOffsets(cursor, ctts, timing), () => counts));
}

function readDurations(
  cursor: Cursor,
  stts: Box,
  timing: Timing,
  limit: number,
): MaybePromise<{ stated: number; short: boolean }> {
  return andThen(tableOf(cursor, stts, 8), (table) => {
    let stated = 0;
    const walked = eachEntry(cursor, table, (view, at) => {
      const count = view.getUint32(at);
      // A few files store a negative correction here.
      const delta = view.getInt32(at + 4) < 0 ? view.getInt32(at + 4) : view.getUint32(at + 4);
      stated += count;
      timing.add(Math.min(count, limit - timing.samples), delta);
    });
    return andThen(walked, () => ({ stated, short: table.count < table.stated }));
  });
}

function readOffsets(cursor: Cursor, ctts: Box, timing: Timing): MaybePromise<void> {
  const visit = (view: View, n: number): boolean => {
    timing.shift = view.getInt32(4);
    for (let i = 0; i < n; i++) timing.reorder = Math.max(timing.reorder, view.getInt32(i * 8 + 4));
    return true;
  };
  return andThen(tableOf(cursor, ctts, 8), (table) =>
    eachBatch(cursor, table, visit, 0, Math.min(table.count, maxOffsets + 1)),
  );
}
