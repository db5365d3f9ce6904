import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import type { Cursor, View } from "../cursor.ts";
import { type Box, bodyOf, eachBox, fileRange, versionOf } from "../isobmff/boxes.ts";
import { loadFragments } from "./load-fragments.ts";
import type { FragmentDefaults } from "./movie-extends.ts";
import { durationAt, readTrack, type Track } from "./track.ts";

/** The values of a moov box, ISO/IEC 14496-12 §8.2. */
export interface Movie {
  timescale: number;
  /** Seconds that mvhd, or mehd in a fragmented file, states; null if it states none. */
  statedSeconds: number | null;
  matrix: Track["matrix"];
  tracks: Track[];
  /** Defaults by track id; null if the movie has no fragments. */
  fragments: Map<number, FragmentDefaults> | null;
  /** Reads its tables: from the file, unless the header was compressed. */
  cursor: Cursor;
  /** It is compressed (QuickTime's cmov) in a way that is not supported. */
  unreadable: boolean;
}

/** A movie box up to this size is read in one piece: some ten minutes of video. */
const maxPreloadBytes = 1024 * 1024;

/** A film in thirty languages has some seventy. */
const maxTracks = 256;

/** Reads a moov box. @param inflatedAlready it is the content of a compressed one, which cannot be compressed again */
export async function readMovie(cursor: Cursor, moov: Box, inflatedAlready = false): Promise<Movie> {
  const movie: Movie = {
    timescale: 0,
    statedSeconds: null,
    matrix: [65536, 0, 0, 65536],
    tracks: [],
    fragments: null,
    cursor,
    unreadable: false,
  };
  if (moov.end - moov.at <= maxPreloadBytes) await cursor.read(moov.at, moov.end - moov.at);
  let ticks: number | null = null;
  let inflated: Cursor | null | undefined;
  await eachBox(cursor, moov, (box): MaybePromise<void> => {
    if (box.type === "trak") {
      if (movie.tracks.length < maxTracks)
        return andThen(readTrack(cursor, box), (track) => void movie.tracks.push(track));
    } else if (box.type === "cmov" && !inflatedAlready) {
      // Too rare to be part of what every page loads.
      return import("./compressed-movie.ts").then(async ({ inflateMovie }) => {
        inflated = await inflateMovie(cursor, box);
      });
    } else if (box.type === "mvex") {
      movie.fragments ??= new Map();
      const defaults = movie.fragments;
      return loadFragments(cursor).then(async ({ readMovieExtends }) => {
        ticks = (await readMovieExtends(cursor, box, defaults)) ?? ticks;
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
  if (movie.timescale && ticks !== null) movie.statedSeconds = ticks / movie.timescale;
  return movie;
}

/** Reads an mvhd box into the movie. Returns the ticks that it states, or null; undefined if it is too short. */
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
