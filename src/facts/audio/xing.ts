import { text, type View } from "../cursor.ts";
import type { MpegFrame } from "./mpeg-frame.ts";

/** What the tag in a stream's first frame claims; its frame contains no audio. */
export interface XingTag {
  /** Audio frames; null if not stated. */
  frames: number | null;
  /** Stream bytes, by most encoders with the tag's own frame; null if not stated. */
  bytes: number | null;
  /** Samples that the encoder put before and after the audio, together; null without a LAME tag. */
  padding: number | null;
  /** Whether the tag has a checksum, and it is right. */
  verified: boolean;
}

/**
 * The Xing or Info tag (with LAME's extension: "LAME Tag rev 1", 2.0) or Fraunhofer's VBRI tag in the frame at
 * the start of the view; null where it holds none.
 */
export function readXing(view: View, frame: MpegFrame): XingTag | null {
  const word = (offset: number): number => (offset + 4 <= view.byteLength ? view.getUint32(offset) : 0);
  if (word(36) === 0x56425249) {
    return { bytes: word(46) || null, frames: word(50) || null, padding: null, verified: false };
  }
  const mono = frame.channels === 1;
  const start = 4 + (frame.version === 1 ? (mono ? 17 : 32) : mono ? 9 : 17);
  if (word(start) !== 0x58696e67 && word(start) !== 0x496e666f) return null;
  const flags = word(start + 4);
  let next = start + 8;
  const frames = flags & 1 ? word(next) : 0;
  if (flags & 1) next += 4;
  const bytes = flags & 2 ? word(next) : 0;
  if (flags & 2) next += 4;
  if (flags & 4) next += 100;
  if (flags & 8) next += 4;
  const tag: XingTag = { frames: frames || null, bytes: bytes || null, padding: null, verified: false };
  // The extension: encoder 9, method 1, lowpass 1, gain 8, flags 1, rate 1, delay and padding 3, …, checksum 2.
  if (next + 36 <= view.byteLength && /^[A-Z][\w.]{3}/.test(text(view, next, 4))) {
    const trim = word(next + 20) & 0xffffff;
    tag.padding = (trim >>> 12) + (trim & 0xfff);
    tag.verified = checksum(view, next + 34) === view.getUint16(next + 34);
  }
  return tag;
}

/** CRC-16 with the reflected polynomial 0x8005, of a LAME tag; four bits at a time. */
function checksum(view: View, to: number): number {
  let crc = 0;
  for (let i = 0; i < to; i++) {
    crc ^= view.getUint8(i);
    crc = (crc >>> 4) ^ (fourBits[crc & 15] ?? 0);
    crc = (crc >>> 4) ^ (fourBits[crc & 15] ?? 0);
  }
  return crc;
}

/** The checksum of each value of four bits. */
const fourBits = Array.from({ length: 16 }, (_, crc) => {
  for (let bit = 0; bit < 4; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  return crc;
});
