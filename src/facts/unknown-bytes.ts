import type { Cursor } from "./cursor.ts";
import { damaged, type Evidence } from "./evidence.ts";
import { isZeroToTheEnd } from "./zeros.ts";

/**
 * What copies in text mode make of PNG's signature 89 50 4E 47 0D 0A 1A 0A, whose line endings are there to show it
 * (PNG 3rd edition, 5.2): LF for CR LF, CR LF for LF, LF for CR, and none.
 */
const convertedPng = [
  [0x0a, 0x1a, 0x0a],
  [0x0d, 0x0d, 0x0a, 0x1a, 0x0d, 0x0a],
  [0x0d, 0x0a, 0x1a, 0x0d, 0x0a],
  [0x0a, 0x0a, 0x1a, 0x0a],
  [0x0d, 0x1a, 0x0d],
  [0x1a],
];
const png = [0x89, 0x50, 0x4e, 0x47];

/** Why bytes have no format that is known, where they show it. */
export async function explainUnknown(cursor: Cursor, evidence: Evidence): Promise<void> {
  const head = await cursor.some(0, 16);
  const begins = (at: number, bytes: readonly number[]): boolean =>
    at + bytes.length <= head.byteLength && bytes.every((byte, i) => head.getUint8(at + i) === byte);
  if (begins(0, png) && convertedPng.some((ending) => begins(png.length, ending))) {
    evidence.format = "png";
    damaged(evidence, "line-endings", "the PNG signature", 0);
  } else if (await isZeroToTheEnd(cursor, 0)) damaged(evidence, "all-zero", "file", 0);
}
