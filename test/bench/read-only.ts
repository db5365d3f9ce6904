import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** One read: where, and how many bytes. */
export type Range = readonly [offset: number, length: number];

/** The floor: open, fstat, read those bytes, close, through the calls that the product uses. */
export function readOnly(path: string, ranges: readonly Range[]): number {
  const fd = openSync(path, "r");
  let sum = fstatSync(fd).size & 1;
  for (const [offset, length] of ranges) {
    const bytes = new Uint8Array(length);
    readSync(fd, bytes, 0, length, offset);
    sum += bytes[0] ?? 0;
  }
  closeSync(fd);
  return sum;
}
