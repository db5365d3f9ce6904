import type { Evidence, Reading } from "../evidence.ts";
import { emptyAtFirst, presented } from "./edit-list.ts";
import type { Movie } from "./movie.ts";
import type { Track } from "./track.ts";

/** Claims that differ by more seconds than this are worth a cross-check. */
const contradiction = 0.5;
/** What a fragmented file's samples may last longer than its edits show, in seconds, before it is told. */
const editSlack = 0.1;

/**
 * Adds every claim about the duration: the tracks as presented first, then what the movie, media and track headers
 * state. Claims are kept however close they are: a limit may lie between them.
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
  const [shown, heard] = [trackSeconds(video, movie), trackSeconds(audio, movie)];
  add(shown, "video-track");
  // Sound that ends before the pictures do makes no clip shorter.
  if (!shown || (heard ?? 0) > shown) add(heard, "audio-track");
  readings.sort((a, b) => b.value - a.value);
  const longest = readings[0]?.value;
  // Written before its fragments, a header may know of the first of them only.
  const believed = (claim: number | null): number | null =>
    movie.fragments && longest && (claim ?? 0) <= longest ? null : claim;
  add(believed(movie.stated), "container");
  // In fragmented files most players, and the tools that go by them, leave edits aside.
  const main = video ?? audio;
  const whole = movie.fragments && main?.timescale ? main.timing.span / main.timescale : 0;
  if (longest && whole > longest + editSlack) add(whole, "sample-table");
  if (longest && movie.stated) {
    // Where nothing at all is shown at first, and the header leaves that out, so does every other tool.
    const wait = Math.min(...[video, audio].flatMap((track) => (track ? emptyAtFirst(track) : [])));
    if (wait > 0 && Math.abs(movie.stated + wait / movie.timescale - longest) < 0.03)
      readings.sort((a, b) => a.value - b.value);
  }
  if (main) {
    // What Chromium, MediaInfo and ffprobe say of a track.
    add(believed(mediaHeaderSeconds(main, movie)), "media-header");
    add(believed(trackHeaderSeconds(main, movie)), "track-header");
  }
  const claims = [movie.stated, ...readings.filter((r) => r.from !== "video-track").map((r) => r.value)];
  if (longest && claims.some((claim) => claim && Math.abs(claim - longest) > contradiction))
    evidence.unusual.add("contradiction");
  evidence.durations.push(...readings);
}

/** Seconds that a track is presented for, by its edits over its sample table. */
function trackSeconds(track: Track | null, movie: Movie, span?: number): number | null {
  if (!track?.timescale || !track.timing.samples) return null;
  const scales = { media: track.timescale, movie: movie.timescale || 1 };
  const { shift, reorder } = track.timing;
  const media = { span: span ?? track.timing.span, shift, reorder };
  return presented(track.edits, media, scales, movie.fragments !== null);
}

/** The same, if the media last as long as mdhd states. */
function mediaHeaderSeconds(track: Track, movie: Movie): number | null {
  return track.stated === null ? null : trackSeconds(track, movie, track.stated);
}

function trackHeaderSeconds(track: Track, movie: Movie): number | null {
  return track.presentedTicks === null || !movie.timescale ? null : track.presentedTicks / movie.timescale;
}
