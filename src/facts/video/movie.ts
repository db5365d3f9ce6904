import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import type { Cursor, View } from "../cursor.ts";
import { type Box, bodyOf, eachBox, fileRange, versionOf } from "../isobmff/boxes.ts";
import { type FragmentDefaults, readMovieExtends } from "./fragments.ts";
import { durationAt, readTrack, type Track } from "./track.ts";

/** What a moov box says, ISO/IEC 14496-12 §8.2. */
export interface Movie {
  timescale: number;
  /** Seconds that mvhd, or mehd in a fragmented file, claims; null where it claims none. */
  stated: number | null;
  matrix: Track["matrix"];
  tracks: Track[];
  /** By track id; null where the movie has no fragments to come. */
  fragments: Map<number, FragmentDefaults> | null;
  /** Where its tables are to be read: the file, unless it was compressed. */
  cursor: Cursor;
  /** It is compressed (QuickTime's cmov) in a way that is not read. */
  unreadable: boolean;
}

/** A movie box up to this size is read at once: it holds some ten minutes of video. */
const atOnce = 1024 * 1024;

/** A film in thirty languages has some seventy. */
const mostTracks = 256;

export async function readMovie(cursor: Cursor, moov: Box, inner = false): Promise<Movie> {
  const movie: Movie = {
    timescale: 0,
    stated: null,
    matrix: [65536, 0, 0, 65536],
    tracks: [],
    fragments: null,
    cursor,
    unreadable: false,
  };
  if (moov.end - moov.at <= atOnce) await cursor.some(moov.at, moov.end - moov.at);
  let ticks: number | null = null;
  let inflated: Cursor | null | undefined;
  await eachBox(cursor, moov, (box): MaybePromise<void> => {
    if (box.type === "trak") {
      if (movie.tracks.length < mostTracks)
        return andThen(readTrack(cursor, box), (track) => void movie.tracks.push(track));
    } else if (box.type === "cmov" && !inner) {
      // Rare enough to be left out of what every page loads.
      return import("./compressed-movie.ts").then(async ({ inflateMovie }) => {
        inflated = await inflateMovie(cursor, box);
      });
    } else if (box.type === "mvex") {
      movie.fragments ??= new Map();
      return andThen(readMovieExtends(cursor, box, movie.fragments), (stated) => {
        ticks = stated ?? ticks;
      });
    } else if (box.type === "mvhd")
      return andThen(bodyOf(cursor, box, 108), (view) => {
        const stated = readHeader(view, movie);
        if (stated !== undefined) ticks = stated;
      });
  });
  if (inflated) {
    let whole: Box | undefined;
    await eachBox(inflated, fileRange(inflated), (box) => {
      if (box.type === "moov") whole ??= box;
    });
    if (whole) return readMovie(inflated, whole, true);
  }
  movie.unreadable = inflated !== undefined;
  if (movie.timescale && ticks !== null) movie.stated = ticks / movie.timescale;
  return movie;
}

/** An mvhd box: into the movie, and the ticks that it claims, or null; undefined where it is too short. */
function readHeader(view: View, movie: Movie): number | null | undefined {
  const { version } = versionOf(view);
  const at = version === 1 ? 20 : 12;
  if (view.byteLength < at + 8) return undefined;
  movie.timescale = view.getUint32(at);
  const matrix = at + (version === 1 ? 28 : 24);
  if (view.byteLength >= matrix + 20) {
    const word = (i: number): number => view.getInt32(matrix + i * 4);
    movie.matrix = [word(0), word(1), word(3), word(4)];
  }
  return durationAt(view, at + 4, version);
}
