import { id3v2Bytes } from "../audio/id3v2.ts";
import type { Cursor, View } from "../cursor.ts";
import type { Format } from "../formats.ts";
import { asfFormat } from "./asf.ts";
import { matroskaFormat } from "./matroska.ts";
import { sniffMpegAudio, startsWithMp3Frames } from "./mpeg-audio.ts";
import { otherFormatOf } from "./other-signatures.ts";
import { windowBytes } from "./read-formats.ts";
import { readFormatOf } from "./signatures.ts";
import { sniffText } from "./text.ts";

const maxTags = 8;

/** The format of a file that sniffReadFormats does not know: MP3, or one that is only named; null if nothing matches. */
export async function sniffOtherFormats(cursor: Cursor): Promise<Format | null> {
  const head = await cursor.read(0, windowBytes);
  // No other signature begins with that sync.
  const untagged = startsWithMp3Frames(head) ? "mp3" : otherFormatOf(head);
  if (untagged === "webm" || untagged === "mkv") return matroskaFormat(cursor, untagged);
  if (untagged === "wmv") return asfFormat(cursor);
  if (untagged) return untagged;
  const tagEnd = await afterId3(cursor, head);
  if (tagEnd > 0) {
    // FLAC, AAC and AIFF are tagged by ID3v2 too: the bytes after the tag decide.
    const body = await cursor.read(tagEnd, windowBytes);
    if (startsWithMp3Frames(body)) return "mp3";
    const read = readFormatOf(body);
    // Audio players skip the tag; picture viewers do not.
    if (read) return read === "wav" ? read : null;
    return otherFormatOf(body) ?? (await sniffMpegAudio(cursor, tagEnd)) ?? "mp3";
  }
  return sniffText(head, cursor.size <= head.byteLength) ?? sniffMpegAudio(cursor, 0);
}

/** The end of the ID3v2 tags at the beginning; 0 if there are none. */
async function afterId3(cursor: Cursor, head: View): Promise<number> {
  let at = 0;
  for (let tags = 0, view = head; tags < maxTags; tags++, view = await cursor.read(at, 10)) {
    const bytes = id3v2Bytes(view, 0);
    if (bytes === 0) break;
    at += bytes;
    cursor.budget.step();
  }
  return at;
}
