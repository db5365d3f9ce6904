import type { Cursor } from "../cursor.ts";
import { type Box, bodyOf, eachBox, uint, versionOf } from "../isobmff/boxes.ts";
import { eachEntry } from "../isobmff/tables.ts";
import type { Timing } from "./timing.ts";

/** Defaults of a track's fragments, from trex (ISO/IEC 14496-12 §8.8.3). */
export interface FragmentDefaults {
  duration: number;
  size: number;
}

/** What the movie fragments of one track add up to. */
export interface FragmentedTrack extends FragmentDefaults {
  timing: Timing;
  /** Decode time of the first and after the last fragment, where tfdt states them. */
  first: number | null;
  next: number;
}

/** An mvex box: track defaults by track id, and mehd's claim of the whole duration in the movie's time scale. */
export async function readMovieExtends(
  cursor: Cursor,
  mvex: Box,
  defaults: Map<number, FragmentDefaults>,
): Promise<number | null> {
  let stated: number | null = null;
  await eachBox(cursor, mvex, async (box) => {
    const view = await bodyOf(cursor, box, 24);
    if (box.type === "trex" && view.byteLength === 24)
      defaults.set(view.getUint32(4), { duration: view.getUint32(12), size: view.getUint32(16) });
    else if (box.type === "mehd" && view.byteLength >= 8) {
      const wide = versionOf(view).version === 1 && view.byteLength >= 12;
      stated = uint(view, 4, wide) || null;
    }
  });
  return stated;
}

/**
 * A moof box (§8.8.4 – 8.8.8): counts its samples into their tracks. Returns the offset after the last byte of
 * media data that it refers to.
 */
export async function readFragment(
  cursor: Cursor,
  moof: Box,
  tracks: ReadonlyMap<number, FragmentedTrack>,
): Promise<number> {
  let dataEnd = moof.at;
  let reached = 0;
  await eachBox(cursor, moof, async (traf) => {
    if (traf.type !== "traf") return;
    let track: FragmentedTrack | undefined;
    let duration = 0;
    let size = 0;
    let base = dataEnd;
    await eachBox(cursor, traf, async (box) => {
      const view = await bodyOf(cursor, box, 40);
      const { version, flags } = versionOf(view);
      if (box.type === "tfhd" && view.byteLength >= 8) {
        track = tracks.get(view.getUint32(4));
        let at = 8;
        const next = (flag: number, width: number): number | null => {
          if (!(flags & flag) || at + width > view.byteLength) return null;
          at += width;
          return uint(view, at - width, width === 8);
        };
        // Neither a base nor default-base-is-moof: the first fragment counts from the moof, the others on.
        base = next(1, 8) ?? (flags & 0x20000 ? moof.at : dataEnd);
        next(2, 4);
        duration = next(8, 4) ?? track?.duration ?? 0;
        size = next(16, 4) ?? track?.size ?? 0;
        dataEnd = base;
      } else if (box.type === "tfdt" && track && view.byteLength >= 8) {
        const wide = version === 1 && view.byteLength >= 12;
        const time = uint(view, 4, wide);
        track.first ??= track.timing.samples ? track.next : time;
        track.next = time;
      } else if (box.type === "trun" && view.byteLength >= 8) {
        const run = await readRun(cursor, box, flags, { duration, size }, track);
        const start = run.offset === null ? dataEnd : base + run.offset;
        dataEnd = start + run.bytes;
        if (run.bytes) reached = Math.max(reached, dataEnd);
      }
    });
  });
  return reached;
}

async function readRun(
  cursor: Cursor,
  trun: Box,
  flags: number,
  defaults: FragmentDefaults,
  track: FragmentedTrack | undefined,
): Promise<{ offset: number | null; bytes: number }> {
  const head = await bodyOf(cursor, trun, 12);
  const offset = flags & 1 && head.byteLength >= 12 ? head.getInt32(8) : null;
  const field = (flag: number): number => (flags & flag ? 4 : 0);
  const width = field(0x100) + field(0x200) + field(0x400) + field(0x800);
  const at = trun.body + 8 + field(1) + field(4);
  const stated = head.getUint32(4);
  const room = width ? Math.max(0, Math.floor((trun.end - at) / width)) : stated;
  const count = Math.min(stated, room);
  const timing = track?.timing;
  const before = timing?.ticks ?? 0;
  let bytes = 0;
  if (!(flags & 0x300)) {
    timing?.add(count, defaults.duration);
    bytes = count * defaults.size;
  } else {
    await eachEntry(cursor, { at, count, stated, width }, (view, i) => {
      timing?.add(1, flags & 0x100 ? view.getUint32(i) : defaults.duration);
      bytes += flags & 0x200 ? view.getUint32(i + field(0x100)) : defaults.size;
    });
  }
  if (track) track.next += (timing?.ticks ?? 0) - before;
  return { offset, bytes };
}
