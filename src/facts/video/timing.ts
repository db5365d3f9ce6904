import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import type { Cursor, View } from "../cursor.ts";
import type { Box } from "../isobmff/boxes.ts";
import { eachEntry, eachStretch, tableOf } from "../isobmff/tables.ts";

/** Distinct deltas that are counted: beyond that, a track is variable whatever else it holds. */
const mostDeltas = 4096;

/** Composition offsets that are looked at: an encoder's depth of reordering shows in its first pictures. */
const enoughOffsets = 1024;

/** How the samples of one track follow each other: from stts, ctts and trun. */
export class Timing {
  /** Samples that have a time. */
  samples = 0;
  /** Sum of their durations. */
  ticks = 0;
  /** From the first sample's time to the last one's end, where fragments state both; else as `ticks`. */
  span = 0;
  /** Composition offset of the first sample, and the largest one: how far pictures are shown after their turn. */
  shift = 0;
  reorder = 0;
  /** Samples by duration. */
  readonly deltas: Map<number, number> = new Map();
  #last = 0;

  add(count: number, delta: number): void {
    if (count <= 0) return;
    this.samples += count;
    this.ticks += count * delta;
    this.span += count * delta;
    this.#last = delta;
    const known = this.deltas.get(delta);
    if (known !== undefined || this.deltas.size < mostDeltas) this.deltas.set(delta, (known ?? 0) + count);
  }

  /**
   * The commonest duration, whether all are that one (exact), or but for rounding to whole ticks (constant); the last sample's own does
   * not count, since no picture follows it. Null where fewer than two samples are known.
   */
  pace(): { delta: number; constant: boolean; exact: boolean } | null {
    if (this.samples < 2) return null;
    const counts = new Map(this.deltas);
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
    const exact = most === least;
    return { delta, constant: exact || (most - least <= 1 && least >= 8), exact };
  }
}

/**
 * Reads stts and the beginning of ctts (ISO/IEC 14496-12 §8.6.1). No more samples than `limit` are counted: a
 * time-to-sample table that says more than there are sizes does not make them longer.
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
  return andThen(times, (told) => andThen(ctts && readOffsets(cursor, ctts, timing), () => told));
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
  const look = (view: View, n: number): boolean => {
    timing.shift = view.getInt32(4);
    for (let i = 0; i < n; i++) timing.reorder = Math.max(timing.reorder, view.getInt32(i * 8 + 4));
    return true;
  };
  return andThen(tableOf(cursor, ctts, 8), (table) =>
    eachStretch(cursor, table, look, 0, Math.min(table.count, enoughOffsets + 1)),
  );
}
