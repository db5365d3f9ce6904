import type { Evidence, Reading } from "../evidence.ts";
import { initialEmptyTicks, presentedSeconds } from "./edit-list.ts";
import type { Movie } from "./movie.ts";
import type { Track } from "./track.ts";

/** Durations that differ by more seconds than this call for a cross-check. */
const contradictionSeconds = 0.5;
/** Seconds by which a fragmented file's samples may exceed its edits before they are another reading. */
const editSlackSeconds = 0.1;

/**
 * Adds all readings of the duration: first the tracks as presented, then what the movie, media and track headers state.
 * Readings stay separate however close they are: a limit may be between them.
 */
export function addDurations(
  evidence: Evidence,
  movie: Movie,
  video: Track | null,
  audio: Track | null,
): void {
  const readings: Reading<number>[] = [];
  const add = (value: number | null, from: Reading["from"]): void => {
    if (!value || !(value > 0) || !Number.isFinite(value)) return;
    if (!readings.some((r) => Math.abs(r.value - value) < 1e-6)) readings.push({ value, from });
  };
  const [shown, audible] = [trackSeconds(video, movie), trackSeconds(audio, movie)];
  add(shown, "video-track");
  // Audio that ends before the video does not shorten the clip.
  if (!shown || (audible ?? 0) > shown) add(audible, "audio-track");
  readings.sort((a, b) => b.value - a.value);
  const longest = readings[0]?.value;
  // A header that was written before the fragments may cover the first of them only.
  const trusted = (claim: number | null): number | null =>
    movie.fragments && longest && (claim ?? 0) <= longest ? null : claim;
  add(trusted(movie.statedSeconds), "container");
  // Most players and tools ignore the edits of fragmented files.
  const main = video ?? audio;
  const whole = movie.fragments && main?.timescale ? main.timing.span / main.timescale : 0;
  if (longest && whole > longest + editSlackSeconds) add(whole, "sample-table");
  if (longest && movie.statedSeconds) {
    // If nothing is shown at first and the header does not count that time, every other tool does not either.
    const initialDelay = Math.min(
      ...[video, audio].flatMap((track) => (track ? initialEmptyTicks(track) : [])),
    );
    if (initialDelay > 0 && Math.abs(movie.statedSeconds + initialDelay / movie.timescale - longest) < 0.03)
      readings.sort((a, b) => a.value - b.value);
  }
  if (main) {
    // The value that Chromium, MediaInfo and ffprobe report for a track.
    add(trusted(mediaHeaderSeconds(main, movie)), "media-header");
    add(trusted(trackHeaderSeconds(main, movie)), "track-header");
  }
  const claims = [
    movie.statedSeconds,
    ...readings.filter((r) => r.from !== "video-track").map((r) => r.value),
  ];
  if (longest && claims.some((claim) => claim && Math.abs(claim - longest) > contradictionSeconds))
    evidence.unusual.add("contradiction");
  evidence.durations.push(...readings);
}

/** Seconds that a track is presented for, by its edits over its sample table. */
function trackSeconds(track: Track | null, movie: Movie, span?: number): number | null {
  if (!track?.timescale || !track.timing.samples) return null;
  const scales = { media: track.timescale, movie: movie.timescale || 1 };
  const { shift, reorder } = track.timing;
  const media = { span: span ?? track.timing.span, shift, reorder };
  return presentedSeconds(track.edits, media, scales, movie.fragments !== null);
}

/** The same, with the media duration that mdhd states. */
function mediaHeaderSeconds(track: Track, movie: Movie): number | null {
  return track.mediaTicks === null ? null : trackSeconds(track, movie, track.mediaTicks);
}

function trackHeaderSeconds(track: Track, movie: Movie): number | null {
  return track.presentedTicks === null || !movie.timescale ? null : track.presentedTicks / movie.timescale;
}
