import { type Cursor, text, type View } from "../cursor.ts";
import { id3v2Bytes } from "./id3v2.ts";
import { type MpegFrame, readMpegFrame } from "./mpeg-frame.ts";

/** What a walk over layer III frames found. */
export interface MpegWalk {
  /** Complete frames. */
  frames: number;
  /** Samples per channel over sample rate, summed over the complete frames. */
  seconds: number;
  /** The first frame and where it is; null where there is none. */
  first: MpegFrame | null;
  at: number;
  /** Offset after the last complete frame. */
  end: number;
  /** Bytes missing from the frame at `end` if the data end inside it, else 0. */
  missing: number;
}

/** Bytes. Windows grow fourfold, from a few frames to so many that reads are rare. */
const smallestWindow = 4096;
const largestWindow = 256 * 1024;
/** The longest layer III frame: 640 kbit/s in free format at 32 kHz, MPEG-1. */
const longestFrame = 2881;
/** Bytes that tagBytes needs. */
const longestTagHead = 32;

/**
 * Walks every layer III frame in [from, to): tags and junk between frames are skipped, a frame counts only if another
 * follows it where it ends. One read for each window, no wait for each frame. `maxFrames` stops it early.
 * @throws OverBudget
 */
export async function walkMpegFrames(
  cursor: Cursor,
  from: number,
  to = cursor.size,
  maxFrames = Number.POSITIVE_INFINITY,
): Promise<MpegWalk> {
  const walker = new MpegWalker(from, maxFrames);
  let at = from;
  let end = to;
  for (let size = smallestWindow; at + 4 <= end; size = Math.min(size * 4, largestWindow)) {
    const requested = Math.min(size, end - at);
    const got = cursor.read(at, requested);
    const view = got instanceof Promise ? await got : got;
    // If the size is unknown, this is how it is found out.
    if (view.byteLength < requested) end = at + view.byteLength;
    const walked = walker.walkWindow(view, at, end);
    cursor.budget.step(walker.steps);
    if (walker.isDone) break;
    at += walked;
  }
  return walker.finish();
}

/** Counts the frames of consecutive windows. */
class MpegWalker {
  readonly #walk: MpegWalk;
  readonly #maxFrames: number;
  /** The first of the latest frames with one sample rate, and the samples of these frames. */
  #first: MpegFrame | null = null;
  #samples = 0;
  /** The last frame ended where the next one has to begin. */
  #inSync = false;
  /** Bytes of a free-format frame without padding; 0 until it is known. */
  #free = 0;

  /** The data end with the current window. */
  #isLast = false;
  /** The deciding bytes are beyond this window: the next, larger one begins at the same frame. */
  #undecided = false;
  /** Entries of the budget that the current window has cost. */
  steps = 0;

  constructor(from: number, maxFrames: number) {
    this.#walk = { frames: 0, seconds: 0, first: null, at: from, end: from, missing: 0 };
    this.#maxFrames = maxFrames;
  }

  get isDone(): boolean {
    return this.#walk.frames >= this.#maxFrames;
  }

  /** Walks a window that begins at offset `at`, in data that end at `end`. Returns where the next has to begin in it. */
  walkWindow(view: View, at: number, end: number): number {
    const { byteLength } = view;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, byteLength);
    this.#isLast = at + byteLength >= end;
    this.#undecided = false;
    this.steps = 0;
    let i = 0;
    while (i + 4 <= byteLength && !this.isDone) {
      this.steps++;
      const frame = this.#frameAt(view, i);
      const same = frame !== null && frame.sampleRate === this.#first?.sampleRate;
      const counts =
        frame !== null && ((same && this.#inSync) || this.#isFollowed(view, frame, i, same ? 1 : 2));
      if (this.#undecided || (!counts && !this.#isLast && i + longestTagHead > byteLength)) break;
      if (counts) {
        const next = at + i + frame.frameBytes;
        if (!same) this.#startStream(frame, at + i);
        if (next > end) {
          this.#walk.missing = next - end;
          return end - at;
        }
        this.#inSync = true;
        this.#walk.frames++;
        this.#walk.end = next;
        this.#samples += frame.samplesPerFrame;
        i += frame.frameBytes;
        continue;
      }
      // A jump over a tag, or on to the next byte that can start a frame.
      if (frame) this.steps += 3; // a search without a second frame
      const tag = tagBytes(view, i);
      if (tag > 0) i += tag;
      else {
        this.#inSync = false;
        const found = bytes.indexOf(0xff, i + 1);
        i = found < 0 ? byteLength : found;
      }
    }
    return i;
  }

  finish(): MpegWalk {
    this.#addSeconds();
    return this.#walk;
  }

  /** The sample rate changes with this frame, or it is the first one. */
  #startStream(frame: MpegFrame, at: number): void {
    this.#addSeconds();
    this.#samples = 0;
    this.#first = frame;
    if (this.#walk.first) return;
    this.#walk.first = frame;
    this.#walk.at = at;
  }

  #addSeconds(): void {
    if (this.#first) this.#walk.seconds += this.#samples / this.#first.sampleRate;
  }

  /** The layer III frame at `at` of the window, or null. */
  #frameAt(view: View, at: number): MpegFrame | null {
    const frame = readMpegFrame(view, at);
    if (frame?.layer !== 3) return null;
    if (frame.frameBytes === 0) {
      this.#undecided ||= !this.#free && !this.#isLast && at + 2 * longestFrame > view.byteLength;
      if (!this.#free && !this.#undecided) {
        this.steps += 250; // a search
        this.#free = freeFormatBytes(view, at);
      }
      if (!this.#free) return null;
      frame.frameBytes = this.#free + ((view.getUint8(at + 2) >> 1) & 1);
    }
    return frame;
  }

  /** Whether `depth` frames of one kind follow, or the stream ends properly first. */
  #isFollowed(view: View, frame: MpegFrame, at: number, depth: number): boolean {
    const next = at + frame.frameBytes;
    if (next + longestTagHead > view.byteLength && !this.#isLast) this.#undecided = true;
    if (next + 4 > view.byteLength) return next <= view.byteLength || this.#inSync;
    const follower = this.#frameAt(view, next);
    if (!follower) return tagBytes(view, next) > 0;
    // No two versions have a sample rate in common.
    if (follower.sampleRate !== frame.sampleRate) return false;
    return depth < 2 || this.#isFollowed(view, follower, next, depth - 1);
  }
}

/** Bytes of the tag that begins at `at`: ID3v2, ID3v1, APEv2, Lyrics3; 0 if there is none. */
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

/** The distance between headers that differ only in padding, found twice in a row; 0 if there is none. */
function freeFormatBytes(view: View, at: number): number {
  const matchesFirst = (other: number): boolean =>
    other + 4 <= view.byteLength && ((view.getUint32(at) ^ view.getUint32(other)) & 0xfffefc00) === 0;
  const padding = (of: number): number => (view.getUint8(of + 2) >> 1) & 1;
  for (let distance = 24; distance < longestFrame; distance++) {
    if (!matchesFirst(at + distance)) continue;
    const bytes = distance - padding(at);
    const next = at + distance;
    if (matchesFirst(next + bytes + padding(next))) return bytes;
  }
  return 0;
}
