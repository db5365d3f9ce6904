import type { Cursor, View } from "../cursor.ts";
import { after, type Soon, turns } from "../soon.ts";
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
export function tableOf(cursor: Cursor, box: Box, width: number, skip = 4): Soon<Table> {
  return after(bodyOf(cursor, box, 4, skip), (head) => {
    const stated = head.byteLength < 4 ? 0 : head.getUint32(0);
    const at = box.body + skip + 4;
    return { at, count: Math.min(stated, Math.max(0, Math.floor((box.end - at) / width))), stated, width };
  });
}

/** Calls `visit` for the entries [from, to) of a table until it returns true. */
export function eachEntry(
  cursor: Cursor,
  table: Table,
  visit: (view: View, at: number, index: number) => unknown,
  from = 0,
  to = table.count,
): Soon<void> {
  const some = (view: View, n: number, first: number): boolean => {
    for (let i = 0; i < n; i++) if (visit(view, i * table.width, first + i) === true) return true;
    return false;
  };
  return eachStretch(cursor, table, some, from, to);
}

/**
 * As eachEntry, for long tables: `visit` is given `n` entries at a time, at most 64 KiB of them, which begin the view,
 * and the index of the first. A loop of its own over them is many times faster than a call for each.
 */
export function eachStretch(
  cursor: Cursor,
  table: Table,
  visit: (view: View, n: number, first: number) => boolean,
  from = 0,
  to = table.count,
): Soon<void> {
  const { width } = table;
  const most = Math.floor(window / width);
  let first = from;
  return turns(() => {
    if (first >= to) return true;
    const n = Math.min(most, to - first);
    cursor.budget.step(n);
    return after(cursor.at(table.at + first * width, n * width), ({ buffer, byteOffset, byteLength }) => {
      first += n;
      return visit(new DataView(buffer, byteOffset, byteLength), n, first - n);
    });
  });
}
