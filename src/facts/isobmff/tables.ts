import { andThen, type MaybePromise, repeatUntilTrue } from "../../async/maybe-promise.ts";
import type { Cursor, View } from "../cursor.ts";
import { type Box, bodyOf } from "./boxes.ts";

/** The entries of a box, all of one width: stts, ctts, stsc, stsz, stco, co64, elst, trun. */
export interface Table {
  /** Offset of the first entry in the file. */
  readonly at: number;
  /** Entries inside the box, at most as many as it states. */
  readonly count: number;
  /** Entries that it states. */
  readonly stated: number;
  /** Bytes of an entry. */
  readonly width: number;
}

const batchBytes = 64 * 1024;

/**
 * The table whose entry count is `skip` bytes into the box's body. A count of 2³¹ in a box of 20 bytes is
 * bounded here, before anything loops over it.
 */
export function tableOf(cursor: Cursor, box: Box, width: number, skip = 4): MaybePromise<Table> {
  return andThen(bodyOf(cursor, box, 4, skip), (head) => {
    const stated = head.byteLength < 4 ? 0 : head.getUint32(0);
    const at = box.body + skip + 4;
    return { at, count: Math.min(stated, Math.max(0, Math.floor((box.end - at) / width))), stated, width };
  });
}

/** Calls `visit` for each entry of a table until it returns true. */
export function eachEntry(
  cursor: Cursor,
  table: Table,
  visit: (view: View, at: number, index: number) => unknown,
): MaybePromise<void> {
  return readEntries(cursor, table, 0, table.count, (view, n, first) => {
    for (let i = 0; i < n; i++) if (visit(view, i * table.width, first + i) === true) return true;
    return false;
  });
}

/**
 * As eachEntry, for the entries [from, to) of a long table: `visit` gets a view that begins with `n` of them, and the
 * index of the first. A loop over them in `visit` is many times faster than a call for each.
 */
export function eachBatch(
  cursor: Cursor,
  table: Table,
  visit: (view: View, n: number, first: number) => boolean,
  from = 0,
  to = table.count,
): MaybePromise<void> {
  return readEntries(cursor, table, from, to, ({ buffer, byteOffset, byteLength }, n, first) =>
    visit(new DataView(buffer, byteOffset, byteLength), n, first),
  );
}

/** Reads at most 64 KiB at a time. */
function readEntries(
  cursor: Cursor,
  { at, width }: Table,
  from: number,
  to: number,
  visit: (view: View, n: number, first: number) => boolean,
): MaybePromise<void> {
  const maxEntries = Math.floor(batchBytes / width);
  let first = from;
  return repeatUntilTrue(() => {
    if (first >= to) return true;
    const n = Math.min(maxEntries, to - first);
    cursor.budget.step(n);
    return andThen(cursor.at(at + first * width, n * width), (view) => {
      first += n;
      return visit(view, n, first - n);
    });
  });
}
