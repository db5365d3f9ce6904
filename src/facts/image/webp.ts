import { type Cursor, text, type View } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import { setStillSize } from "./exif.ts";

const animated = 0x02;

/**
 * WebP (RFC 9649): the canvas of VP8X, else the picture of VP8 or VP8L; frames; the RIFF and chunk sizes against
 * the file. EXIF orientation turns no WebP: decoders and browsers leave it alone.
 */
export async function readWebp(cursor: Cursor, evidence: Evidence): Promise<void> {
  const { damage, facts } = evidence;
  const riff = 8 + (await cursor.at(4, 4)).getUint32(0, true);
  // A pad byte at the very end is left out by some writers.
  if (riff > cursor.size + 1) damaged(evidence, "cut-short", "RIFF", 0, riff - cursor.size);
  const end = Math.min(riff, cursor.size);
  let pictures = 0;
  let extended: View | null = null;
  for (let at = 12; at + 8 <= end; ) {
    cursor.budget.part();
    const got = cursor.at(at, 8);
    const head = got instanceof Promise ? await got : got;
    const type = text(head, 0);
    const length = head.getUint32(4, true);
    const picture = type === "VP8 " || type === "VP8L";
    if (at + 8 + length > riff) damaged(evidence, "malformed", type, at, null, false);
    if (type === "VP8X" && !extended) {
      extended = await cursor.at(at + 8, 10);
      setStillSize(evidence, uint24(extended, 4) + 1, uint24(extended, 7) + 1);
    } else if (picture) {
      if (!extended) readBitstream(await cursor.at(at + 8, 10), type, evidence);
      pictures++;
      break;
    } else if (type === "ANMF") pictures++;
    at += 8 + length + (length & 1);
  }
  if (extended && extended.getUint8(0) & animated) facts.frames = pictures || null;
  if (pictures === 0 && damage.length === 0)
    damaged(evidence, extended ? "no-media-data" : "no-picture", "VP8", 12);
}

/** Ten bytes at the head of a key frame: RFC 6386, 9.1 (VP8); RFC 9649, 3.4 (VP8L, lossless). */
function readBitstream(view: View, type: string, evidence: Evidence): void {
  const lossless = type === "VP8L";
  const bits = view.getUint32(1, true);
  const sound = lossless
    ? view.getUint8(0) === 0x2f
    : (view.getUint8(0) & 1) === 0 && uint24(view, 3) === 0x2a019d;
  const width = lossless ? (bits & 0x3fff) + 1 : view.getUint16(6, true) & 0x3fff;
  const height = lossless ? ((bits >>> 14) & 0x3fff) + 1 : view.getUint16(8, true) & 0x3fff;
  if (sound && width && height) setStillSize(evidence, width, height);
  else damaged(evidence, "malformed", type, 12);
}

function uint24(view: View, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}
