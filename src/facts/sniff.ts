import type { Cursor } from "./cursor.ts";
import type { Format } from "./formats.ts";
import { sniffOtherFormats } from "./sniff/other-formats.ts";
import { sniffReadFormats } from "./sniff/read-formats.ts";

/**
 * The format by its signature; null if no signature matches. Ambiguous signatures (such as TGA's) are not
 * guessed: random bytes and text are never detected as a format that is parsed.
 */
export async function sniff(cursor: Cursor): Promise<Format | null> {
  return (await sniffReadFormats(cursor)) ?? sniffOtherFormats(cursor);
}
