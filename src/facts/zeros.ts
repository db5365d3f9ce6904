import type { Cursor } from "./cursor.ts";

const windowBytes = 65_536;
/** A larger range is read in this many places. */
const samples = 16;

/** Whether every byte from `start` to the end is zero; a long range is sampled, its last bytes are always read. */
export async function isZeroToTheEnd(cursor: Cursor, start: number): Promise<boolean> {
  if (!Number.isFinite(cursor.size) || start >= cursor.size) return false;
  const length = cursor.size - start;
  const step = Math.max(windowBytes, Math.ceil(length / samples));
  for (let at = start; at < cursor.size; at += step) {
    cursor.budget.step(1);
    if (!(await isZero(cursor, at, Math.min(windowBytes, cursor.size - at)))) return false;
  }
  const last = Math.min(4096, length);
  return isZero(cursor, cursor.size - last, last);
}

async function isZero(cursor: Cursor, at: number, length: number): Promise<boolean> {
  const view = await cursor.at(at, length);
  for (let i = 0; i < view.byteLength; i++) if (view.getUint8(i) !== 0) return false;
  return true;
}

/** Where the zeros begin that reach to the end of the data, looking back at most `most` bytes; null: there are none. */
export async function trailingZerosFrom(cursor: Cursor, maxBytes: number): Promise<number | null> {
  if (!Number.isFinite(cursor.size)) return null;
  const lowest = Math.max(0, cursor.size - maxBytes);
  for (let end = cursor.size; end > lowest; ) {
    cursor.budget.step(1);
    const start = Math.max(lowest, end - windowBytes);
    const view = await cursor.at(start, end - start);
    for (let i = view.byteLength - 1; i >= 0; i--)
      if (view.getUint8(i) !== 0) return start + i + 1 === cursor.size ? null : start + i + 1;
    end = start;
  }
  return lowest;
}
