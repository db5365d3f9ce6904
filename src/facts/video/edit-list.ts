import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import type { Cursor, View } from "../cursor.ts";
import { type Box, bodyOf, uint, versionOf } from "../isobmff/boxes.ts";
import { eachEntry, tableOf } from "../isobmff/tables.ts";
import type { Timing } from "./timing.ts";

/** One line of an edit list, ISO/IEC 14496-12 §8.6.6. */
export interface Edit {
  /** In the movie's time scale; 0 means to the end of the media. */
  duration: number;
  /** Where in the media it begins, in the track's time scale; below zero: nothing is shown. */
  mediaTime: number;
  /** 1 is normal speed, 0 a still. */
  rate: number;
}

/** Edits that are worth keeping: real files have a handful, a thousand is an editor's timeline. */
const most = 10_000;

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
      return edits.length >= most;
    };
    const table = tableOf(cursor, elst, wide ? 20 : 12);
    return andThen(
      andThen(table, (t) => eachEntry(cursor, t, add)),
      () => edits,
    );
  });
}

/** For how long a track shows nothing before it begins, in the movie's time scale. */
export function emptyAtFirst({ edits: [first] }: { edits: readonly Edit[] }): number {
  return first && first.mediaTime < 0 ? first.duration : 0;
}

/**
 * Seconds that a track is presented for: its edits applied to its media. An edit never shows more than the media
 * hold; B-frame streams begin at their first sample's composition offset and end later than their last turn.
 */
export function presented(
  edits: readonly Edit[],
  media: Pick<Timing, "span" | "shift" | "reorder">,
  scales: { media: number; movie: number },
  growing: boolean,
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
      if (!segment || (growing && i === edits.length - 1)) seconds += after(media.shift);
      else seconds += edit.rate === 1 ? Math.min(segment, after(media.reorder)) : segment;
    }
  }
  return seconds;
}
