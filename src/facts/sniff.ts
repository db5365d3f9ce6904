import type { Cursor } from "./cursor.ts";
import type { Format } from "./formats.ts";

/** What the bytes are, by signature; null where no signature fits. */
export async function sniff(_cursor: Cursor): Promise<Format | null> {
  return null;
}
