import type { Cursor } from "./cursor.ts";
import { damaged, type Evidence } from "./evidence.ts";
import { isZeroToTheEnd } from "./zeros.ts";

/**
 * What copies in text mode make of PNG's signature 89 50 4E 47 0D 0A 1A 0A, which contains line endings to reveal them
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

/** Adds damage that explains why the bytes have no known format, if they show it. */
export async function explainUnknown(cursor: Cursor, evidence: Evidence): Promise<void> {
  const head = await cursor.read(0, 16);
  const startsWith = (at: number, bytes: readonly number[]): boolean =>
    at + bytes.length <= head.byteLength && bytes.every((byte, i) => head.getUint8(at + i) === byte);
  if (startsWith(0, png) && convertedPng.some((ending) => startsWith(png.length, ending))) {
    evidence.format = "png";
    damaged(evidence, "line-endings", "the PNG signature", 0);
  } else if (await isZeroToTheEnd(cursor, 0)) damaged(evidence, "all-zero", "file", 0);
}
