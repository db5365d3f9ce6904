import type { Cursor } from "../cursor.ts";
import type { Format } from "../formats.ts";
import { afterId3 } from "./id3.ts";
import { sniffMpegAudio } from "./mpeg-audio.ts";
import { otherFormatOf } from "./other-signatures.ts";
import { windowBytes } from "./read-formats.ts";
import { readFormatOf } from "./signatures.ts";
import { sniffText } from "./text.ts";

/** What sniffReadFormats did not know: a format that is only named, an MP3 behind junk; null where nothing fits. */
export async function sniffOthers(cursor: Cursor): Promise<Format | null> {
  const head = await cursor.some(0, windowBytes);
  const plain = otherFormatOf(head);
  if (plain) return plain;
  const behind = await afterId3(cursor, head);
  if (behind > 0) {
    // FLAC, AAC and AIFF are tagged by ID3v2 too: what lies behind the tag decides.
    const body = await cursor.some(behind, windowBytes);
    return readFormatOf(body) ?? otherFormatOf(body) ?? (await sniffMpegAudio(cursor, behind)) ?? "mp3";
  }
  return sniffText(head, cursor.size <= head.byteLength) ?? sniffMpegAudio(cursor, 0);
}
