import { text, type View } from "../cursor.ts";

/**
 * Whole bytes of the ID3v2 tag that begins at `at`, with its header and footer; 0 where none does. A tag is told by
 * its name, a version and revision below 0xFF and four bytes of size below 0x80 (ID3v2.4 structure, 3.1). To FFmpeg,
 * SoX, mpg123 and Firefox anything else is junk, and they play the frames behind the next sync (their sources, and
 * files tried, 2026-11-22): a size with the top bits taken off would pass over such frames.
 */
export function id3v2Bytes(view: View, at: number): number {
  if (at + 10 > view.byteLength || !/ID3[^\xff]{2}.[^\x80-\xff]{4}/s.test(text(view, at, 10))) return 0;
  let bytes = 0;
  for (let i = at + 6; i < at + 10; i++) bytes = bytes * 128 + view.getUint8(i);
  return bytes + (view.getUint8(at + 5) & 0x10 ? 20 : 10);
}
