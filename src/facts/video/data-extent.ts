import type { Cursor, View } from "../cursor.ts";
import { bodyOf, uint } from "../isobmff/boxes.ts";
import { eachStretch, type Table, tableOf } from "../isobmff/tables.ts";
import type { Track } from "./track.ts";

/** Sample count and where their sizes are, from stsz or stz2 (ISO/IEC 14496-12 §8.7.3). */
export interface Sizes {
  count: number;
  /** Bytes of every sample, or 0 where a table has them. */
  fixed: number;
  /** Entries of 4, 8, 16 or 32 bits. */
  bits: number;
  table: Table | null;
}

export async function readSizes(cursor: Cursor, track: Track): Promise<Sizes | null> {
  const box = track.tables.get("stsz") ?? track.tables.get("stz2");
  if (!box) return null;
  const view = await bodyOf(cursor, box, 12);
  if (view.byteLength < 12) return null;
  const compact = box.type === "stz2";
  const fixed = compact ? 0 : view.getUint32(4);
  const bits = compact ? view.getUint8(7) : 32;
  const table = fixed ? null : await tableOf(cursor, box, Math.max(1, bits / 8), 8);
  return { count: view.getUint32(8), fixed, bits, table };
}

/** Chunk offsets that are looked at one by one; of a longer table the first and the last so many. */
const scanned = 65_536;

/**
 * First byte of the first chunk, and the byte after the last one: what of the file the track's samples need; and
 * whether the tables say more than they hold, or have samples that no chunk holds. Null where they do not say.
 */
export async function dataExtent(
  cursor: Cursor,
  track: Track,
  sizes: Sizes,
): Promise<{ start: number; end: number; malformed: boolean } | null> {
  const { tables, entry } = track;
  const wide = tables.get("co64");
  const box = wide ?? tables.get("stco");
  const stsc = tables.get("stsc");
  if (!box || !stsc || !sizes.count) return null;
  const chunks = await tableOf(cursor, box, wide ? 8 : 4);
  const runs = await tableOf(cursor, stsc, 12);
  const short = [chunks, runs, sizes.table].some((t) => t && t.count < t.stated && sizes.bits !== 4);
  if (!chunks.count || !runs.count) return null;
  let start = Number.POSITIVE_INFINITY;
  let last = -1;
  let chunk = 0;
  const look = (view: View, n: number, index: number): boolean => {
    let [least, most, at] = [start, last, chunk];
    for (let i = 0; i < n; i++) {
      const offset = wide ? uint(view, i * 8, true) : view.getUint32(i * 4);
      if (offset < least) least = offset;
      if (offset < most) continue;
      most = offset;
      at = index + i;
    }
    [start, last, chunk] = [least, most, at];
    return false;
  };
  if (chunks.count > 2 * scanned) await eachStretch(cursor, chunks, look, 0, scanned);
  await eachStretch(cursor, chunks, look, chunks.count > 2 * scanned ? chunks.count - scanned : 0);
  const { first, per, count } = await samplesOf(cursor, runs, chunk + 1, sizes.count);
  let bytes = 0;
  if (!sizes.table) {
    const { packet } = entry ?? {};
    // QuickTime counts compressed sound in uncompressed samples of one byte.
    bytes = packet?.samples && packet.bytes ? (count / packet.samples) * packet.bytes : count * sizes.fixed;
  } else if (sizes.bits === 4) bytes = 0;
  else {
    const width = sizes.table.width;
    const add = (view: View, n: number): boolean => {
      let sum = 0;
      for (let at = 0; at < n * width; at += width)
        sum += width === 4 ? view.getUint32(at) : width === 2 ? view.getUint16(at) : view.getUint8(at);
      bytes += sum;
      return false;
    };
    const upTo = Math.min(first + count, sizes.table.count);
    await eachStretch(cursor, sizes.table, add, Math.min(first, upTo), upTo);
  }
  // One chunk more or less is a writer's slip.
  const unplaced = chunk === chunks.count - 1 && first + 2 * per < sizes.count;
  return { start, end: last + Math.floor(bytes), malformed: short || unplaced };
}

/** The samples of a chunk (1-based), from stsc (§8.7.4). */
async function samplesOf(
  cursor: Cursor,
  runs: Table,
  chunk: number,
  samples: number,
): Promise<{ first: number; per: number; count: number }> {
  let first = 0;
  let since = 1;
  let per = 0;
  await eachStretch(cursor, runs, (view, n) => {
    let [sum, last, each] = [first, since, per];
    let past = false;
    for (let at = 0; at < n * 12; at += 12) {
      const from = view.getUint32(at);
      past = from > chunk;
      if (past) break;
      sum += Math.max(0, from - last) * each;
      last = from;
      each = view.getUint32(at + 4);
    }
    [first, since, per] = [sum, last, each];
    return past;
  });
  first += Math.max(0, chunk - since) * per;
  return { first, per, count: Math.max(0, Math.min(per, samples - first)) };
}
