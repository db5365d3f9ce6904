import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import type { Cursor, View } from "../cursor.ts";
import { bodyOf, uint } from "../isobmff/boxes.ts";
import { eachBatch, type Table, tableOf } from "../isobmff/tables.ts";
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

export function readSizes(cursor: Cursor, track: Track): MaybePromise<Sizes | null> {
  const box = track.tables.get("stsz") ?? track.tables.get("stz2");
  if (!box) return null;
  return andThen(bodyOf(cursor, box, 12), (view) => {
    if (view.byteLength < 12) return null;
    const compact = box.type === "stz2";
    const fixed = compact ? 0 : view.getUint32(4);
    const bits = compact ? view.getUint8(7) : 32;
    const count = view.getUint32(8);
    const table = fixed ? null : tableOf(cursor, box, Math.max(1, bits / 8), 8);
    return andThen(table, (found) => ({ count, fixed, bits, table: found }));
  });
}

/** Chunk offsets that are read; of a table of more than twice as many, the first and the last ones. */
const scannedOffsets = 65_536;

/**
 * First byte of the first chunk and the byte after the last one, which is the part of the file that the track's samples
 * need; and whether the tables state more entries than they have, or samples outside any chunk. Null if they are absent.
 */
export function dataExtent(
  cursor: Cursor,
  track: Track,
  sizes: Sizes,
): MaybePromise<{ start: number; end: number; malformed: boolean } | null> {
  const { tables, entry } = track;
  const box = tables.get("co64") ?? tables.get("stco");
  const stsc = tables.get("stsc");
  if (!box || !stsc || !sizes.count) return null;
  return andThen(tableOf(cursor, box, box.type === "co64" ? 8 : 4), (chunks) =>
    andThen(tableOf(cursor, stsc, 12), (runs) => {
      const short = [chunks, runs, sizes.table].some((t) => t && t.count < t.stated && sizes.bits !== 4);
      if (!chunks.count || !runs.count) return null;
      return andThen(chunkPositions(cursor, chunks), ({ start, last, chunk }) =>
        andThen(samplesOf(cursor, runs, chunk + 1, sizes.count), (samples) =>
          andThen(bytesOf(cursor, entry, sizes, samples), (bytes) => {
            // One chunk more or less is a common error of writers.
            const unplaced = chunk === chunks.count - 1 && samples.first + 2 * samples.perChunk < sizes.count;
            return { start, end: last + Math.floor(bytes), malformed: short || unplaced };
          }),
        ),
      );
    }),
  );
}

/** The lowest and the highest chunk offset, and the index of the latter. */
function chunkPositions(
  cursor: Cursor,
  chunks: Table,
): MaybePromise<{ start: number; last: number; chunk: number }> {
  const found = { start: Number.POSITIVE_INFINITY, last: -1, chunk: 0 };
  const wide = chunks.width === 8;
  const visit = (view: View, n: number, index: number): boolean => {
    let { start, last, chunk } = found;
    for (let i = 0; i < n; i++) {
      const offset = wide ? uint(view, i * 8, true) : view.getUint32(i * 4);
      if (offset < start) start = offset;
      if (offset < last) continue;
      last = offset;
      chunk = index + i;
    }
    Object.assign(found, { start, last, chunk });
    return false;
  };
  const long = chunks.count > 2 * scannedOffsets;
  return andThen(long ? eachBatch(cursor, chunks, visit, 0, scannedOffsets) : undefined, () =>
    andThen(eachBatch(cursor, chunks, visit, long ? chunks.count - scannedOffsets : 0), () => found),
  );
}

/** The samples of one chunk. */
interface Samples {
  /** Index of the first one in the track. */
  first: number;
  /** As stsc states it. */
  perChunk: number;
  /** Those of them that the track has. */
  count: number;
}

/** The samples of a chunk (1-based), from stsc (§8.7.4). */
function samplesOf(cursor: Cursor, runs: Table, chunk: number, samples: number): MaybePromise<Samples> {
  let first = 0;
  let runStart = 1;
  let perChunk = 0;
  const walked = eachBatch(cursor, runs, (view, n) => {
    let [sum, last, each] = [first, runStart, perChunk];
    let past = false;
    for (let at = 0; at < n * 12; at += 12) {
      const from = view.getUint32(at);
      past = from > chunk;
      if (past) break;
      sum += Math.max(0, from - last) * each;
      last = from;
      each = view.getUint32(at + 4);
    }
    [first, runStart, perChunk] = [sum, last, each];
    return past;
  });
  return andThen(walked, () => {
    first += Math.max(0, chunk - runStart) * perChunk;
    return { first, perChunk, count: Math.max(0, Math.min(perChunk, samples - first)) };
  });
}

/** Bytes of these samples together. */
function bytesOf(
  cursor: Cursor,
  entry: Track["entry"],
  { table, fixed, bits }: Sizes,
  { first, count }: Samples,
): MaybePromise<number> {
  if (!table) {
    const { packet } = entry ?? {};
    // QuickTime counts compressed audio in uncompressed samples of one byte.
    return packet?.samples && packet.bytes ? (count / packet.samples) * packet.bytes : count * fixed;
  }
  if (bits === 4) return 0;
  const { width } = table;
  let bytes = 0;
  const add = (view: View, n: number): boolean => {
    let sum = 0;
    for (let at = 0; at < n * width; at += width)
      sum += width === 4 ? view.getUint32(at) : width === 2 ? view.getUint16(at) : view.getUint8(at);
    bytes += sum;
    return false;
  };
  const upTo = Math.min(first + count, table.count);
  return andThen(eachBatch(cursor, table, add, Math.min(first, upTo), upTo), () => bytes);
}
