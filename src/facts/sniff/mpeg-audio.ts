import { type MpegFrame, readMpegFrame } from "../audio/mpeg-frame.ts";
import type { Cursor, View } from "../cursor.ts";
import type { Format } from "../formats.ts";

/** How far behind junk or padding a first frame is looked for, and the frames that must follow one another there. */
const reachBytes = 65_536;
const framesToBelieve = 4;
/** Four of the largest frames there are (free format aside): 320 kbit/s of MPEG-2.5 at 8 kHz would be 2,880 bytes. */
const chainBytes = 16_384;

/**
 * MPEG audio of any layer, or ADTS AAC, from `start` on. Two frames in a row are believed where they begin at
 * once; behind junk it takes four, since noise looks like one frame header in a few thousand bytes.
 */
export async function sniffMpegAudio(cursor: Cursor, start: number): Promise<Format | null> {
  const view = await cursor.some(start, reachBytes + chainBytes);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let at = bytes.indexOf(0xff); at >= 0 && at <= reachBytes; at = bytes.indexOf(0xff, at + 1)) {
    cursor.budget.step();
    const found = streamAt(view, at);
    if (found) return found;
  }
  return null;
}

/** Whether two layer III frames lie at the very start, as they nearly always do: worth asking first, it is cheap. */
export function startsAsMp3(view: View): boolean {
  return streamAt(view, 0) === "mp3";
}

function streamAt(view: View, start: number): Format | null {
  const first = readMpegFrame(view, start);
  // White pixels are syncs of layer I, and of free format: those are believed at the start only.
  const weak = first !== null && (first.layer < 3 || first.frameBytes === 0);
  if (weak && start > 0) return null;
  const wanted = start > 0 || weak ? framesToBelieve : 2;
  const adts = first ? null : adtsFrame(view, start);
  let at = start;
  for (let frames = 0; frames < wanted; frames++) {
    const frame = readMpegFrame(view, at);
    const step = first
      ? frame && alike(first, frame) && frameBytes(view, at, frame)
      : adts && adtsFrame(view, at);
    if (!step) {
      // A short file may end with its second frame, or right behind it.
      if (start === 0 && frames > 0 && at >= view.byteLength - 4) break;
      return null;
    }
    at += step;
  }
  return first ? (first.layer === 3 ? "mp3" : "mp2") : "aac";
}

/** No two versions have a sample rate in common. */
function alike(a: MpegFrame, b: MpegFrame): boolean {
  return a.layer === b.layer && a.sampleRate === b.sampleRate;
}

/** The frame's length; in free format the distance to the next header that is the same but for its padding bit. */
function frameBytes(view: View, at: number, frame: MpegFrame): number {
  if (frame.frameBytes > 0) return frame.frameBytes;
  const head = view.getUint32(at) & ~0x230;
  for (let next = at + 24; next + 4 <= view.byteLength && next < at + 5000; next++) {
    if ((view.getUint32(next) & ~0x230) === head) return next - at;
  }
  return 0;
}

/** Length of the ADTS frame at `at`, or 0. ISO/IEC 13818-7, 6.2: sync, layer 0, a sampling rate, a length. */
function adtsFrame(view: View, at: number): number {
  if (at + 7 > view.byteLength || (view.getUint16(at) & 0xfff6) !== 0xfff0) return 0;
  const length = (view.getUint32(at + 3) >>> 13) & 0x1fff;
  return (view.getUint8(at + 2) & 0x3c) < 0x34 && length > 7 ? length : 0;
}
