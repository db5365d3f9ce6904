import type { Cursor } from "./cursor.ts";
import type { Format } from "./formats.ts";
import { sniffOtherFormats } from "./sniff/other-formats.ts";
import { sniffReadFormats } from "./sniff/read-formats.ts";

/**
 * What the bytes are, by signature; null where no signature fits. Weak signatures (TGA and its like) are not
 * guessed: random bytes and text never come out as a format that is read.
 */
export async function sniff(cursor: Cursor): Promise<Format | null> {
  return (await sniffReadFormats(cursor)) ?? sniffOtherFormats(cursor);
}
