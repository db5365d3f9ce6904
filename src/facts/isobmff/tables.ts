import type { Cursor } from "../cursor.ts";
import { type Box, bodyOf } from "./boxes.ts";

/** A box that is a list of entries of one width: stts, ctts, stsc, stsz, stco, co64, elst, trun. */
export interface Table {
  /** Offset of the first entry in the file. */
  readonly at: number;
  /** Entries that the box has room for, at most as many as it states. */
  readonly count: number;
  /** Entries that it states. */
  readonly stated: number;
  /** Bytes an entry. */
  readonly width: number;
}

const window = 64 * 1024;

/**
 * The table whose entry count lies `skip` bytes into the box's body. A count of 2³¹ in a box of 20 bytes is
 * bounded here, before anything loops over it.
 */
export async function tableOf(cursor: Cursor, box: Box, width: number, skip = 4): Promise<Table> {
  const head = await bodyOf(cursor, box, 4, skip);
  const stated = head.byteLength < 4 ? 0 : head.getUint32(0);
  const at = box.body + skip + 4;
  return { at, count: Math.min(stated, Math.max(0, Math.floor((box.end - at) / width))), stated, width };
}

/** Calls `visit` for the entries [from, to) of a table until it returns true. Reads at most 64 KiB at a time. */
export async function eachEntry(
  cursor: Cursor,
  table: Table,
  visit: (view: DataView, at: number, index: number) => unknown,
  from = 0,
  to = table.count,
): Promise<void> {
  const { width } = table;
  const most = Math.floor(window / width);
  for (let first = from; first < to; ) {
    const n = Math.min(most, to - first);
    cursor.budget.step(n);
    const got = cursor.at(table.at + first * width, n * width);
    const view = got instanceof DataView ? got : await got;
    for (let i = 0; i < n; i++) if (visit(view, i * width, first + i) === true) return;
    first += n;
  }
}
