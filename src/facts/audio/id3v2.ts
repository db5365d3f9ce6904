import { text, type View } from "../cursor.ts";

/**
 * Bytes of the ID3v2 tag that begins at `at`, with its header and footer; 0 if there is none. A tag is recognised by
 * its name, a version and revision below 0xFF and four bytes of size below 0x80 (ID3v2.4 structure, 3.1). FFmpeg, SoX,
 * mpg123 and Firefox treat anything else as junk and play the frames after the next sync (their sources, and files
 * tried, 2026-11-22): masking the top bits of such a size would skip these frames.
 */
export function id3v2Bytes(view: View, at: number): number {
  if (at + 10 > view.byteLength || !/ID3[^\xff]{2}.[^\x80-\xff]{4}/s.test(text(view, at, 10))) return 0;
  let bytes = 0;
  for (let i = at + 6; i < at + 10; i++) bytes = bytes * 128 + view.getUint8(i);
  return bytes + (view.getUint8(at + 5) & 0x10 ? 20 : 10);
}
