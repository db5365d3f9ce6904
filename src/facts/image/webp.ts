import { type Cursor, text, type View } from "../cursor.ts";
import { damaged, type Evidence } from "../evidence.ts";
import type { Size } from "../isobmff/clean-aperture.ts";
import { setStillSize } from "./exif.ts";

const animationFlag = 0x02;

/** The chunks of a WebP. */
interface Contents {
  /** The body of VP8X. */
  extended: View | null;
  /** VP8 or VP8L, outside of frames. */
  still: boolean;
  /** ANMF chunks. */
  frames: number;
  animation: boolean;
}

/**
 * WebP (RFC 9649): the canvas of VP8X, else the picture of VP8 or VP8L; frames; the RIFF and chunk sizes against
 * the file. EXIF orientation does not rotate a WebP: decoders and browsers ignore it.
 */
export async function readWebp(cursor: Cursor, evidence: Evidence): Promise<void> {
  const riff = 8 + (await cursor.at(4, 4)).getUint32(0, true);
  // A pad byte at the very end is left out by some writers.
  if (riff > cursor.size + 1) damaged(evidence, "cut-short", "RIFF", 0, riff - cursor.size);
  const found: Contents = { extended: null, still: false, frames: 0, animation: false };
  await readChunks(cursor, evidence, riff, found);
  const { extended, still, frames } = found;
  const isAnimated = extended !== null && (extended.getUint8(0) & animationFlag) !== 0;
  if (isAnimated) evidence.facts.frames = frames + Number(still) || null;
  if (evidence.damage.length > 0) return;
  if (!still && frames === 0) damaged(evidence, extended ? "no-media-data" : "no-picture", "VP8", 12);
  // libwebp, and with it browsers and Pillow, refuses these; FFmpeg does not.
  else if (extended && (still ? isAnimated : !isAnimated || !found.animation))
    damaged(evidence, "malformed", "VP8X", 12, null, false);
}

/** Reads every chunk of an extended file, since libwebp refuses it for a wrong last one; a simple file ends with its picture. */
async function readChunks(cursor: Cursor, evidence: Evidence, riff: number, found: Contents): Promise<void> {
  const end = Math.min(riff, cursor.size);
  let at = 12;
  /** The first odd chunk that is not followed by a zero. */
  let unpadded: { at: number; type: string } | null = null;
  while (at + 8 <= end) {
    cursor.budget.part();
    const got = cursor.at(at, 8);
    const head = got instanceof Promise ? await got : got;
    const type = text(head, 0);
    const length = head.getUint32(4, true);
    const next = at + 8 + length + (length & 1);
    if (type === "VP8X" && !found.extended) {
      found.extended = await cursor.at(at + 8, 10);
      const { width, height } = canvasOf(found.extended);
      setStillSize(evidence, width, height);
    } else if (type === "VP8 " || type === "VP8L") {
      if (!found.still) await readPicture(cursor, evidence, at, type, found.extended);
      found.still = true;
    } else if (type === "ANMF") {
      found.frames++;
      if (found.extended && length >= 16) await checkFrame(cursor, evidence, at, found.extended);
    } else if (type === "ANIM") found.animation = true;
    // A size beyond the RIFF, or an odd one without its pad byte: what follows cannot be found.
    if (next > riff) {
      const { at: start, type: part } = unpadded ?? { at, type };
      damaged(evidence, "malformed", part, start, null, found.extended !== null);
      return;
    }
    if (found.still && !found.extended) return;
    if (length & 1 && !unpadded && next <= end && (await cursor.at(next - 1, 1)).getUint8(0) !== 0)
      unpadded = { at, type };
    at = next;
  }
  if (found.extended && at < riff && riff <= cursor.size) {
    const { at: start, type: part } = unpadded ?? { at, type: "RIFF" };
    damaged(evidence, "malformed", part, start);
  }
}

function canvasOf(extended: View): Size {
  return { width: uint24(extended, 4) + 1, height: uint24(extended, 7) + 1 };
}

/** Reads the picture at `at`: its size is that of a file without a canvas, and has to equal a canvas. */
async function readPicture(
  cursor: Cursor,
  evidence: Evidence,
  at: number,
  type: string,
  extended: View | null,
): Promise<void> {
  const size = sizeOf(await cursor.at(at + 8, 10), type);
  if (!extended) {
    if (size) setStillSize(evidence, size.width, size.height);
    else damaged(evidence, "malformed", type, 12);
    return;
  }
  const canvas = canvasOf(extended);
  const isAnimated = (extended.getUint8(0) & animationFlag) !== 0;
  if (!isAnimated && size && (size.width !== canvas.width || size.height !== canvas.height))
    damaged(evidence, "malformed", "VP8X", 12);
}

/** Ten bytes at the head of a key frame: RFC 6386, 9.1 (VP8); RFC 9649, 3.4 (VP8L, lossless). Null if it is none. */
function sizeOf(view: View, type: string): Size | null {
  const lossless = type === "VP8L";
  const bits = view.getUint32(1, true);
  const valid = lossless
    ? view.getUint8(0) === 0x2f
    : (view.getUint8(0) & 1) === 0 && uint24(view, 3) === 0x2a019d;
  const width = lossless ? (bits & 0x3fff) + 1 : view.getUint16(6, true) & 0x3fff;
  const height = lossless ? ((bits >>> 14) & 0x3fff) + 1 : view.getUint16(8, true) & 0x3fff;
  return valid && width && height ? { width, height } : null;
}

/** A frame of an animation has to lie inside the canvas. */
async function checkFrame(cursor: Cursor, evidence: Evidence, at: number, extended: View): Promise<void> {
  const view = await cursor.read(at + 8, 12);
  if (view.byteLength < 12) return;
  const canvas = canvasOf(extended);
  const right = uint24(view, 0) * 2 + uint24(view, 6) + 1;
  const bottom = uint24(view, 3) * 2 + uint24(view, 9) + 1;
  if ((right > canvas.width || bottom > canvas.height) && evidence.damage.length === 0)
    damaged(evidence, "malformed", "ANMF", at);
}

function uint24(view: View, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}
