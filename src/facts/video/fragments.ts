import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import type { Cursor, View } from "../cursor.ts";
import { type Box, bodyOf, eachBox, uint, versionOf } from "../isobmff/boxes.ts";
import { eachBatch } from "../isobmff/tables.ts";

export { bufferFragment, fragmentBufferBytes, fragmentCost } from "./buffered-fragment.ts";
export { readMovieExtends } from "./movie-extends.ts";

import type { FragmentDefaults } from "./movie-extends.ts";
import type { Timing } from "./timing.ts";

/** The sums over all fragments of one track. */
export interface FragmentedTrack extends FragmentDefaults {
  timing: Timing;
  /** Decode time of the first and after the last fragment, where tfdt states them. */
  first: number | null;
  next: number;
}

/**
 * A moof box (§8.8.4 – 8.8.8): counts its samples into their tracks. Returns the offset after the last byte of
 * media data that it refers to.
 */
export function readFragment(
  cursor: Cursor,
  moof: Box,
  tracks: ReadonlyMap<number, FragmentedTrack>,
): MaybePromise<number> {
  const data = { end: moof.at, reached: 0 };
  const walked = eachBox(cursor, moof, (box) =>
    box.type === "traf" ? readTrackFragment(cursor, box, moof.at, tracks, data) : undefined,
  );
  return andThen(walked, () => data.reached);
}

/** Reads a traf box of the moof at `moofAt`. `data`: where the bytes of the last run end, and the furthest end of all. */
function readTrackFragment(
  cursor: Cursor,
  traf: Box,
  moofAt: number,
  tracks: ReadonlyMap<number, FragmentedTrack>,
  data: { end: number; reached: number },
): MaybePromise<void> {
  let track: FragmentedTrack | undefined;
  let duration = 0;
  let size = 0;
  let base = data.end;
  const read = (box: Box, view: View): MaybePromise<void> => {
    if (view.byteLength < 8) return;
    const { version, flags } = versionOf(view);
    if (box.type === "tfhd") {
      track = tracks.get(view.getUint32(4));
      let at = 8;
      const next = (flag: number, width: number): number | null => {
        if (!(flags & flag) || at + width > view.byteLength) return null;
        at += width;
        return uint(view, at - width, width === 8);
      };
      // Neither a base nor default-base-is-moof: the first traf counts from the moof, the others from the end of the last.
      base = next(1, 8) ?? (flags & 0x20000 ? moofAt : data.end);
      next(2, 4);
      duration = next(8, 4) ?? track?.duration ?? 0;
      size = next(16, 4) ?? track?.size ?? 0;
      data.end = base;
    } else if (box.type === "tfdt" && track) {
      const wide = version === 1 && view.byteLength >= 12;
      const time = uint(view, 4, wide);
      track.first ??= track.timing.samples ? track.next : time;
      track.next = time;
    } else if (box.type === "trun")
      return andThen(readRun(cursor, box, view, { duration, size }, track), (run) => {
        data.end = (run.offset === null ? data.end : base + run.offset) + run.bytes;
        if (run.bytes) data.reached = Math.max(data.reached, data.end);
      });
  };
  return eachBox(cursor, traf, (box) => andThen(bodyOf(cursor, box, 40), (view) => read(box, view)));
}

/** Counts the samples of a trun box. Returns its data offset, or null, and the bytes of its samples. */
function readRun(
  cursor: Cursor,
  trun: Box,
  head: View,
  defaults: FragmentDefaults,
  track: FragmentedTrack | undefined,
): MaybePromise<{ offset: number | null; bytes: number }> {
  const { flags } = versionOf(head);
  const offset = flags & 1 && head.byteLength >= 12 ? head.getInt32(8) : null;
  const field = (flag: number): number => (flags & flag ? 4 : 0);
  const width = field(0x100) + field(0x200) + field(0x400) + field(0x800);
  const at = trun.body + 8 + field(1) + field(4);
  const stated = head.getUint32(4);
  const room = width ? Math.max(0, Math.floor((trun.end - at) / width)) : stated;
  const count = Math.min(stated, room);
  const timing = track?.timing;
  const before = timing?.ticks ?? 0;
  const shift = at - trun.body + width - 4;
  if (timing && !timing.samples && flags & 0x800 && shift + 4 <= head.byteLength)
    timing.shift = head.getInt32(shift);
  let bytes = 0;
  const add = (view: View, n: number): boolean => {
    let [sum, equalCount, delta] = [0, 0, defaults.duration];
    for (let i = 0; i < n * width; i += width) {
      const next = flags & 0x100 ? view.getUint32(i) : delta;
      if (next !== delta) {
        timing?.add(equalCount, delta);
        [equalCount, delta] = [0, next];
      }
      equalCount++;
      sum += flags & 0x200 ? view.getUint32(i + field(0x100)) : defaults.size;
    }
    timing?.add(equalCount, delta);
    bytes += sum;
    return false;
  };
  if (!(flags & 0x300)) {
    timing?.add(count, defaults.duration);
    bytes = count * defaults.size;
  }
  const walked = flags & 0x300 && eachBatch(cursor, { at, count, stated, width }, add);
  return andThen(walked, () => {
    if (track) track.next += (timing?.ticks ?? 0) - before;
    return { offset, bytes };
  });
}

/** Offset after the last subsegment of a segment index, ISO/IEC 14496-12 §8.16.3. */
export async function indexedEnd(cursor: Cursor, sidx: Box): Promise<number> {
  const view = await bodyOf(cursor, sidx, 64 * 1024);
  const wide = versionOf(view).version > 0;
  const at = wide ? 28 : 20;
  if (view.byteLength < at + 4) return 0;
  const offset = uint(view, wide ? 20 : 16, wide);
  let end = sidx.end + offset;
  const count = view.getUint16(at + 2);
  cursor.budget.step(count);
  for (let i = 0; i < count && at + 8 + i * 12 <= view.byteLength; i++)
    end += view.getUint32(at + 4 + i * 12) & 0x7fffffff;
  return end;
}
