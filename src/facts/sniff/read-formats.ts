import type { Cursor } from "../cursor.ts";
import type { Format } from "../formats.ts";
import { afterId3 } from "./id3.ts";
import { sniffIsobmff } from "./isobmff.ts";
import { startsAsMp3 } from "./mp3-start.ts";
import { readFormatOf } from "./signatures.ts";

/** What one read of a local file gives; most signatures lie in its first bytes. */
export const windowBytes = 4096;

/** A format that is read, or an ISO base media file of any brand; null where it takes sniffOthers to tell. */
export async function sniffReadFormats(cursor: Cursor): Promise<Format | null> {
  const head = await cursor.some(0, windowBytes);
  // Boxes first: their sizes may look like start codes, 0x1BA or 0x1B3.
  const plain = (await sniffIsobmff(cursor, head)) ?? readFormatOf(head);
  if (plain) return plain;
  const behind = await afterId3(cursor, head);
  return startsAsMp3(behind ? await cursor.some(behind, windowBytes) : head) ? "mp3" : null;
}
