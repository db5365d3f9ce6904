import { type Cursor, text, type View } from "../cursor.ts";
import { id3v2Bytes } from "./id3v2.ts";
import { type MpegFrame, readMpegFrame } from "./mpeg-frame.ts";

/** What a walk over layer III frames found. */
export interface MpegWalk {
  /** Whole frames. */
  frames: number;
  /** Samples per channel over sample rate, summed over the whole frames. */
  seconds: number;
  /** The first frame and where it is; null where there is none. */
  first: MpegFrame | null;
  at: number;
  /** Offset after the last whole frame. */
  end: number;
  /** Bytes missing from the frame at `end` if the data end inside it, else 0. */
  missing: number;
}

/** Windows grow fourfold from what holds a few frames to what makes reads rare. */
const smallestWindow = 4096;
const largestWindow = 256 * 1024;
/** The longest layer III frame: 640 kbit/s in free format at 32 kHz, MPEG-1. */
const longestFrame = 2881;
/** What tagBytes wants to see. */
const longestTagHead = 32;

/**
 * Walks every layer III frame in [from, to): tags and junk between frames are passed over, a frame counts only if
 * another follows it where it ends. One read a window, no wait per frame. `most` stops it early.
 * @throws OverBudget
 */
export async function walkMpegFrames(
  cursor: Cursor,
  from: number,
  to = cursor.size,
  most = Number.POSITIVE_INFINITY,
): Promise<MpegWalk> {
  const walk: MpegWalk = { frames: 0, seconds: 0, first: null, at: from, end: from, missing: 0 };
  let { first } = walk;
  /** Bytes of a free-format frame without padding. */
  let free = 0;
  let inSync = false;
  let samples = 0;
  let at = from;
  let end = to;

  for (let asked = smallestWindow; at + 4 <= end; asked = Math.min(asked * 4, largestWindow)) {
    const wanted = Math.min(asked, end - at);
    const got = cursor.some(at, wanted);
    const view = got instanceof Promise ? await got : got;
    const { byteLength } = view;
    // If the size is unknown, this is how it is found out.
    if (byteLength < wanted) end = at + byteLength;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, byteLength);
    const isLast = at + byteLength >= end;
    /** Set where what decides lies beyond this window: the next one, larger, begins at the same frame. */
    let undecided = false;
    let i = 0;
    let steps = 0;

    const frameAt = (at: number): MpegFrame | null => {
      const frame = readMpegFrame(view, at);
      if (frame?.layer !== 3) return null;
      if (frame.frameBytes === 0) {
        undecided ||= !free && !isLast && at + 2 * longestFrame > byteLength;
        if (!free && !undecided) {
          steps += 250; // a search, not a look
          free = freeFormatBytes(view, at);
        }
        if (!free) return null;
        frame.frameBytes = free + ((view.getUint8(at + 2) >> 1) & 1);
      }
      return frame;
    };
    /** Whether `depth` frames of one kind follow, or the stream ends properly first. */
    const isFollowed = (frame: MpegFrame, at: number, depth: number): boolean => {
      const next = at + frame.frameBytes;
      if (next + longestTagHead > byteLength && !isLast) undecided = true;
      if (next + 4 > byteLength) return next <= byteLength || inSync;
      const follower = frameAt(next);
      if (!follower) return tagBytes(view, next) > 0;
      // No two versions have a sample rate in common.
      if (follower.sampleRate !== frame.sampleRate) return false;
      return depth < 2 || isFollowed(follower, next, depth - 1);
    };

    while (i + 4 <= byteLength && walk.frames < most) {
      steps++;
      const frame = frameAt(i);
      const same = frame !== null && frame.sampleRate === first?.sampleRate;
      const counts = frame !== null && ((same && inSync) || isFollowed(frame, i, same ? 1 : 2));
      if (undecided || (!counts && !isLast && i + longestTagHead > byteLength)) break;
      if (counts) {
        const next = at + i + frame.frameBytes;
        if (walk.first === null) {
          walk.first = frame;
          walk.at = at + i;
        }
        if (!same) {
          if (first) walk.seconds += samples / first.sampleRate;
          samples = 0;
          first = frame;
        }
        if (next > end) {
          walk.missing = next - end;
          i = end - at;
          break;
        }
        inSync = true;
        walk.frames++;
        samples += frame.samplesPerFrame;
        walk.end = next;
        i += frame.frameBytes;
        continue;
      }
      // A jump over a tag, or on to the next byte that can start a frame.
      if (frame) steps += 3; // it was followed up in vain
      const tag = tagBytes(view, i);
      if (tag > 0) i += tag;
      else {
        inSync = false;
        const found = bytes.indexOf(0xff, i + 1);
        i = found < 0 ? byteLength : found;
      }
    }
    cursor.budget.step(steps);
    if (walk.frames >= most) break;
    at += i;
  }
  if (first) walk.seconds += samples / first.sampleRate;
  return walk;
}

/** Whole bytes of the tag that begins at `at`: ID3v2, ID3v1, APEv2, Lyrics3; 0 where none does. */
export function tagBytes(view: View, at: number): number {
  const left = view.byteLength - at;
  if (left < 3 || view.getUint8(at) > 90) return 0;
  const id = text(view, at, 3);
  if (id === "ID3") return id3v2Bytes(view, at);
  if (id === "TAG") return text(view, at, Math.min(4, left)) === "TAG+" ? 227 : 128;
  if (id === "APE" && left >= 32 && text(view, at, 8) === "APETAGEX") {
    // APEv2: the size counts items and footer; bit 29 of the flags says that this is the header.
    return view.getUint32(at + 20, true) & 0x20000000 ? view.getUint32(at + 12, true) + 32 : 32;
  }
  return id === "LYR" && left >= 11 && text(view, at, 11) === "LYRICSBEGIN" ? 11 : 0;
}

/** The distance between two headers alike but for their padding, twice over: 0 where there is none. */
function freeFormatBytes(view: View, at: number): number {
  const alike = (other: number): boolean =>
    other + 4 <= view.byteLength && ((view.getUint32(at) ^ view.getUint32(other)) & 0xfffefc00) === 0;
  const padding = (of: number): number => (view.getUint8(of + 2) >> 1) & 1;
  for (let distance = 24; distance < longestFrame; distance++) {
    if (!alike(at + distance)) continue;
    const bytes = distance - padding(at);
    const next = at + distance;
    if (alike(next + bytes + padding(next))) return bytes;
  }
  return 0;
}
