import { type MpegFrame, readMpegFrame } from "../audio/mpeg-frame.ts";
import type { Cursor, View } from "../cursor.ts";
import type { Format } from "../formats.ts";

/** Bytes of junk or padding after which a first frame is searched for, and consecutive frames required there. */
const searchedBytes = 65_536;
const framesRequired = 4;
/** Four of the largest frames there are (free format aside): 320 kbit/s of MPEG-2.5 at 8 kHz would be 2,880 bytes. */
const chainBytes = 16_384;

/**
 * MPEG audio of any layer, or ADTS AAC, from `start` on. Two consecutive frames are enough if they begin at
 * once; after junk four are required, since noise contains one frame header in a few thousand bytes.
 */
export async function sniffMpegAudio(cursor: Cursor, start: number): Promise<Format | null> {
  const view = await cursor.read(start, searchedBytes + chainBytes);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let at = bytes.indexOf(0xff); at >= 0 && at <= searchedBytes; at = bytes.indexOf(0xff, at + 1)) {
    cursor.budget.step();
    const found = streamAt(view, at);
    if (found) return found;
  }
  return null;
}

/** Whether two layer III frames are at the very start, as nearly always: tested first, since it is fast. */
export function startsWithMp3Frames(view: View): boolean {
  return streamAt(view, 0) === "mp3";
}

function streamAt(view: View, start: number): Format | null {
  const first = readMpegFrame(view, start);
  // White pixels look like syncs of layer I and of free format: these are accepted at the start only.
  const ambiguous = first !== null && (first.layer < 3 || first.frameBytes === 0);
  if (ambiguous && start > 0) return null;
  const required = start > 0 || ambiguous ? framesRequired : 2;
  const adts = first ? null : adtsFrame(view, start);
  let at = start;
  for (let frames = 0; frames < required; frames++) {
    const frame = readMpegFrame(view, at);
    const step = first
      ? frame && sameStream(first, frame) && frameBytes(view, at, frame)
      : adts && adtsFrame(view, at);
    if (!step) {
      // A short file may end with its second frame, or right after it.
      if (start === 0 && frames > 0 && at >= view.byteLength - 4) break;
      return null;
    }
    at += step;
  }
  return first ? (first.layer === 3 ? "mp3" : "mp2") : "aac";
}

/** No two versions have a sample rate in common. */
function sameStream(a: MpegFrame, b: MpegFrame): boolean {
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
