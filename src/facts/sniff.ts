import { type Cursor, text } from "./cursor.ts";
import type { Format } from "./formats.ts";
import { sniffIsobmff } from "./sniff/isobmff.ts";
import { sniffMpegAudio, startsAsMp3 } from "./sniff/mpeg-audio.ts";
import { signatureOf } from "./sniff/signatures.ts";
import { sniffText } from "./sniff/text.ts";

/** What one read of a local file gives; most signatures lie in its first bytes. */
const windowBytes = 4096;
const id3TagsAtMost = 8;

/**
 * What the bytes are, by signature; null where no signature fits. Weak signatures (TGA and its like) are not
 * guessed: random bytes and text never come out as a format that is read.
 */
export async function sniff(cursor: Cursor): Promise<Format | null> {
  const head = await cursor.some(0, windowBytes);
  // Boxes first: their sizes may look like start codes, 0x1BA or 0x1B3.
  const plain = (await sniffIsobmff(cursor, head)) ?? signatureOf(head);
  if (plain) return plain;
  if (startsAsMp3(head)) return "mp3";
  const behind = await afterId3(cursor, head);
  if (behind > 0) {
    // FLAC, AAC and AIFF are tagged by ID3v2 too: what lies behind the tag decides.
    const body = await cursor.some(behind, windowBytes);
    return signatureOf(body) ?? (await sniffMpegAudio(cursor, behind)) ?? "mp3";
  }
  return sniffText(head, cursor.size <= head.byteLength) ?? sniffMpegAudio(cursor, 0);
}

/** Where the ID3v2 tags at the head end; 0 where there is none. ID3v2.4 structure, 3.1: synchsafe size. */
async function afterId3(cursor: Cursor, head: DataView): Promise<number> {
  let at = 0;
  for (let tags = 0, view = head; tags < id3TagsAtMost; tags++, view = await cursor.some(at, 10)) {
    if (view.byteLength < 10 || text(view, 0, 3) !== "ID3" || view.getUint8(3) === 0xff) break;
    const size = view.getUint32(6);
    if ((size & 0x80808080) !== 0) break;
    const bytes = ((size >>> 24) << 21) | ((size >>> 2) & 0x1fc000) | ((size >>> 1) & 0x3f80) | (size & 0x7f);
    at += 10 + bytes + (view.getUint8(5) & 0x10 ? 10 : 0);
    cursor.budget.step();
  }
  return at;
}
