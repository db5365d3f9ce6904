import type { AudioTrackJob } from "../../engines/job.ts";
import type { MediaDetails } from "../../engines/media-details.ts";
import type { EmbeddedData } from "../metadata/embedded-data.ts";
import type { Loss } from "./types.ts";

export const loss = (kind: Loss["kind"], detail: string | null = null): Loss => ({ kind, detail });

/** What is embedded in a file and does not survive any change of it. */
export function embeddedLosses(
  embedded: EmbeddedData | null,
  encoded: boolean,
  keepsMetadata: boolean,
): Loss[] {
  if (!embedded) return [];
  const out: Loss[] = [];
  if (embedded.c2pa) out.push(loss("c2pa"));
  if (embedded.gps && !keepsMetadata) out.push(loss("gps"));
  if (embedded.exif && !keepsMetadata) out.push(loss("metadata"));
  if (embedded.motionPhoto && encoded) out.push(loss("motion-photo"));
  if (embedded.gainMap && encoded) out.push(loss("gain-map"));
  return out;
}

/** Subtitles that MP4 and MOV can hold as text. */
const textSubtitles = new Set(["mov_text", "subrip", "ass", "ssa", "webvtt", "text"]);

/**
 * Which tracks besides the main ones are kept, and which are lost.
 * @param keepsText whether text subtitles and chapters can be kept: not if the recording is trimmed, nor by every engine
 * @param keepsTimecode whether a time code, which states that of the first picture, is still right
 */
export function otherTracks(
  details: MediaDetails | null,
  keepsText: boolean,
  keepsTimecode: boolean,
): { subtitles: number[]; chapters: boolean; losses: Loss[] } {
  if (!details) return { subtitles: [], chapters: true, losses: [] };
  const losses: Loss[] = [];
  const subtitles = details.others.filter(({ kind }) => kind === "subtitle");
  const kept = keepsText ? subtitles.filter(({ codec }) => textSubtitles.has(codec)) : [];
  const lost = subtitles.filter((track) => !kept.includes(track));
  if (lost.length) losses.push(loss("subtitles", lost.map(({ codec }) => codec).join(", ")));
  if (details.chapters && !keepsText) losses.push(loss("chapters", String(details.chapters)));
  const extraVideos = details.videos.filter(({ cover }) => !cover).slice(1);
  // A track of chapter titles is kept with the chapters.
  const data = details.others.filter(
    ({ kind, codec }) => kind !== "subtitle" && codec !== "bin_data" && !(codec === "tmcd" && keepsTimecode),
  );
  const extra = [...extraVideos, ...data].map(({ codec }) => codec);
  if (extra.length) losses.push(loss("extra-tracks", extra.join(", ")));
  if (details.videos.some(({ cover }) => cover)) losses.push(loss("cover"));
  const chapters = details.chapters === 0 || keepsText;
  return { subtitles: kept.map(({ track }) => track), chapters, losses };
}

/** What is lost by encoding audio tracks. */
export function audioLosses(tracks: readonly AudioTrackJob[], details: MediaDetails | null): Loss[] {
  const out: Loss[] = [];
  for (const { track, encode } of tracks) {
    const source = details?.audios[track];
    if (!encode || !source) continue;
    if (encode.channels !== null && encode.channels < source.channels)
      out.push(loss("channels", `${source.channels} → ${encode.channels}`));
    if (encode.sampleRate !== null && encode.sampleRate < source.sampleRate)
      out.push(loss("sample-rate", `${source.sampleRate} → ${encode.sampleRate} Hz`));
    if (encode.codec === "pcm" && source.bitDepth !== null && encode.bitDepth < source.bitDepth)
      out.push(loss("bit-depth", `${source.bitDepth} → ${encode.bitDepth}`));
  }
  return out;
}
