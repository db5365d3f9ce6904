import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import type { Cursor, View } from "../cursor.ts";
import { type Box, bodyOf, uint, versionOf } from "../isobmff/boxes.ts";
import { eachEntry, tableOf } from "../isobmff/tables.ts";
import type { Timing } from "./timing.ts";

/** One entry of an edit list, ISO/IEC 14496-12 §8.6.6. */
export interface Edit {
  /** In the movie's time scale; 0 means to the end of the media. */
  duration: number;
  /** Where in the media it begins, in the track's time scale; below zero: nothing is shown. */
  mediaTime: number;
  /** 1 is normal speed, 0 a still. */
  rate: number;
}

/** Real files have a handful of edits, an editor's timeline a thousand. */
const maxEdits = 10_000;

/** An elst box. */
export function readEdits(cursor: Cursor, elst: Box): MaybePromise<Edit[]> {
  return andThen(bodyOf(cursor, elst, 4), (head) => {
    const wide = versionOf(head).version === 1;
    const edits: Edit[] = [];
    const add = (view: View, at: number): boolean => {
      edits.push({
        duration: uint(view, at, wide),
        mediaTime: wide ? view.getInt32(at + 8) * 2 ** 32 + view.getUint32(at + 12) : view.getInt32(at + 4),
        rate: view.getInt32(at + (wide ? 16 : 8)) / 65536,
      });
      return edits.length >= maxEdits;
    };
    const table = tableOf(cursor, elst, wide ? 20 : 12);
    return andThen(
      andThen(table, (t) => eachEntry(cursor, t, add)),
      () => edits,
    );
  });
}

/** How long a track shows nothing at first, in the movie's time scale. */
export function initialEmptyTicks({ edits: [first] }: { edits: readonly Edit[] }): number {
  return first && first.mediaTime < 0 ? first.duration : 0;
}

/** Samples that audio encoders put before the audio: HE-AAC has the most. */
const encoderPadding = 6144;

interface EditedTrack {
  edits: readonly Edit[];
  timing: Pick<Timing, "span" | "shift">;
  timescale: number;
  handler: string;
  entry: { sampleRate: number | null } | null;
}

/**
 * Whether edits trim, delay, repeat or slow down a track. Removing an encoder's padding does not count.
 * @param movie ticks a second of the movie
 */
export function changesMedia(
  { edits, timing, timescale, handler, entry }: EditedTrack,
  movie: number,
  fragmented: boolean,
): boolean {
  const audio = handler === "soun";
  const slack = audio ? encoderPadding / (entry?.sampleRate ?? 48e3) : 1.5 / movie + 1.5 / timescale;
  const firstTime = audio ? 0 : Math.max(0, timing.shift);
  let left = timing.span / timescale;
  for (const [i, { duration, mediaTime, rate }] of edits.entries()) {
    if (mediaTime < 0 ? duration : rate !== 1 || (mediaTime - firstTime) / timescale > slack) return true;
    if (mediaTime < 0) continue;
    // To the end of the media; the edits of a fragmented file were written before its fragments were.
    if (!duration || (fragmented && i === edits.length - 1)) return false;
    left -= duration / movie;
  }
  return left > 2 * slack;
}

/**
 * Seconds that a track is presented for: its edits applied to its media. An edit never shows more than there
 * are media; a stream with B-frames begins at its first sample's composition offset and ends later than its last decode
 * time by the largest one.
 */
export function presentedSeconds(
  edits: readonly Edit[],
  media: Pick<Timing, "span" | "shift" | "reorder">,
  scales: { media: number; movie: number },
  fragmented: boolean,
): number {
  const whole = media.span / scales.media;
  if (!edits.length) return whole;
  let seconds = 0;
  for (const [i, edit] of edits.entries()) {
    const segment = edit.duration / scales.movie;
    if (edit.mediaTime < 0) seconds += segment;
    else {
      const after = (start: number): number =>
        Math.max(0, whole - Math.max(0, edit.mediaTime - start) / scales.media);
      // The edits of a fragmented file were written before its fragments were.
      if (!segment || (fragmented && i === edits.length - 1)) seconds += after(media.shift);
      else seconds += edit.rate === 1 ? Math.min(segment, after(media.reorder)) : segment;
    }
  }
  return seconds;
}
