import { id3v2Bytes } from "../audio/id3v2.ts";
import type { Cursor, View } from "../cursor.ts";
import type { Format } from "../formats.ts";
import { matroskaFormat } from "./matroska.ts";
import { sniffMpegAudio, startsAsMp3 } from "./mpeg-audio.ts";
import { otherFormatOf } from "./other-signatures.ts";
import { windowBytes } from "./read-formats.ts";
import { readFormatOf } from "./signatures.ts";
import { sniffText } from "./text.ts";

const tagsAtMost = 8;

/** What sniffReadFormats did not know: MP3, or a format that is only named; null where nothing fits. */
export async function sniffOtherFormats(cursor: Cursor): Promise<Format | null> {
  const head = await cursor.some(0, windowBytes);
  // No other signature begins with that sync.
  const plain = startsAsMp3(head) ? "mp3" : otherFormatOf(head);
  if (plain === "webm" || plain === "mkv") return matroskaFormat(cursor, plain);
  if (plain) return plain;
  const behind = await afterId3(cursor, head);
  if (behind > 0) {
    // FLAC, AAC and AIFF are tagged by ID3v2 too: what lies behind the tag decides.
    const body = await cursor.some(behind, windowBytes);
    if (startsAsMp3(body)) return "mp3";
    const read = readFormatOf(body);
    // Players pass over the tag; what shows pictures does not.
    if (read) return read === "wav" ? read : null;
    return otherFormatOf(body) ?? (await sniffMpegAudio(cursor, behind)) ?? "mp3";
  }
  return sniffText(head, cursor.size <= head.byteLength) ?? sniffMpegAudio(cursor, 0);
}

/** Where the ID3v2 tags at the head end; 0 where there is none. */
async function afterId3(cursor: Cursor, head: View): Promise<number> {
  let at = 0;
  for (let tags = 0, view = head; tags < tagsAtMost; tags++, view = await cursor.some(at, 10)) {
    const bytes = id3v2Bytes(view, 0);
    if (bytes === 0) break;
    at += bytes;
    cursor.budget.step();
  }
  return at;
}
