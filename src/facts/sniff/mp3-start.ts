import { type MpegFrame, readMpegFrame } from "../audio/mpeg-frame.ts";

/**
 * Whether two layer III frames lie at `at`, as they nearly always do: worth asking first, it is cheap. A short file
 * may end with its second frame. Free format, and whatever lies behind junk, is for mpeg-audio.ts.
 */
export function startsAsMp3(view: DataView, at = 0): boolean {
  const first = readMpegFrame(view, at);
  if (first?.layer !== 3 || !first.frameBytes) return false;
  const next = at + first.frameBytes;
  const second = readMpegFrame(view, next);
  return second ? alike(first, second) && second.frameBytes > 0 : next >= view.byteLength - 4;
}

/** Frames of one stream. */
export function alike(a: MpegFrame, b: MpegFrame): boolean {
  return a.layer === b.layer && a.version === b.version && a.sampleRate === b.sampleRate;
}
