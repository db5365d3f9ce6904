import type { Evidence, SizeReading } from "../evidence.ts";
import { cleanAperture, type Size } from "../isobmff/clean-aperture.ts";
import { addDurations } from "./durations.ts";
import { changesMedia } from "./edit-list.ts";
import { addFrameRates } from "./frame-rate.ts";
import type { Movie } from "./movie.ts";
import type { SampleEntry } from "./sample-entry.ts";
import type { Track } from "./track.ts";

/** Adds facts and readings from the boxes to the evidence. `video` and `audio` are the tracks that a player plays. */
export function addMovieFacts(
  evidence: Evidence,
  movie: Movie,
  video: Track | null,
  audio: Track | null,
): void {
  const { facts } = evidence;
  if (video) {
    addSizes(evidence, movie, video);
    addFrameRates(evidence, video.timing, video.timescale);
    facts.videoCodec = video.entry?.codec ?? null;
    facts.frames = video.timing.samples || null;
    if (video.entry) Object.assign(facts, video.entry.coding, { interlaced: interlaced(video.entry) });
  }
  if (audio) {
    facts.audioCodec = audio.entry?.codec ?? null;
    facts.sampleRate = audio.entry?.sampleRate ?? null;
    facts.channels = audio.entry?.channels ?? null;
    facts.audioProfile = audio.entry?.coding.audioProfile ?? null;
  }
  facts.editList = editList(movie, [video, audio]);
  facts.encrypted = [video, audio].some((track) => track?.entry?.encrypted);
  for (const track of [video, audio])
    if (track?.entry && !track.entry.known) evidence.unusual.add("unknown-codec");
  addDurations(evidence, movie, video, audio);
}

/** Whether frames are fields; null where the headers do not say, or container and stream contradict each other. */
function interlaced({ codec, coding, bitstream }: SampleEntry): boolean | null {
  // AV1, VP8 and VP9 have no fields.
  const coded = /^(av1|vp)/.test(codec) ? false : (bitstream?.interlaced ?? null);
  const stated = coding.interlaced ?? null;
  return coded === null || coded === stated ? stated : stated === null ? coded : null;
}

/** Whether edits change what is shown or played; null if its times are unknown. */
function editList({ timescale: movie, fragments }: Movie, tracks: readonly (Track | null)[]): boolean | null {
  let found: boolean | null = false;
  for (const track of tracks)
    if (track?.edits.length && found !== true)
      found =
        track.timing.span && track.timescale && movie
          ? changesMedia(track, movie, fragments !== null) || found
          : null;
  return found;
}

/** Degrees clockwise, a multiple of 90: atan2(b, a) of the matrix, ISO/IEC 14496-12 §6.2.2. */
function rotationOf([a, b]: Track["matrix"]): number {
  const quarters = Math.round((Math.atan2(b, a) * 2) / Math.PI);
  return ((quarters + 4) % 4) * 90;
}

function multiply(m: Track["matrix"], n: Track["matrix"]): Track["matrix"] {
  const [a, b, c, d] = m;
  const [e, f, g, h] = n;
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h].map(
    (x) => x / 65536,
  ) as unknown as Track["matrix"];
}

function addSizes(evidence: Evidence, movie: Movie, video: Track): void {
  const { facts, sizes } = evidence;
  const { entry } = video;
  const stream = entry?.bitstream ?? null;
  if (!entry) return;
  let { width, height } = entry;
  // The entry may crop the padding of the last macroblocks; otherwise decoders use the stream's size.
  const pads = (stated: number, coded: number): boolean => stated <= coded && coded - stated < 16;
  if (stream && !(pads(width, stream.width) && pads(height, stream.height))) ({ width, height } = stream);
  if (!width || !height) return;
  const matrix = multiply(video.matrix, movie.matrix);
  const rotation = rotationOf(matrix);
  const aspect = entry.aspect ?? impliedAspect(video, matrix, width, height) ?? stream?.aspect ?? 1;
  facts.codedWidth = width;
  facts.codedHeight = height;
  facts.rotation = rotation;
  facts.pixelAspectRatio = aspect;
  const add = (w: number, h: number, from: SizeReading["from"], exact?: number): void => {
    const swap = rotation % 180 !== 0;
    const reading: SizeReading = swap ? { width: h, height: w, from } : { width: w, height: h, from };
    if (sizes.some((s) => s.width === reading.width && s.height === reading.height)) return;
    if (exact) reading.aspect = swap ? 1 / exact : exact;
    sizes.push(reading);
  };
  const display = (size: Size, from: SizeReading["from"]): void =>
    add(
      Math.max(1, Math.round(size.width * aspect)),
      size.height,
      from,
      aspect === 1 ? undefined : (size.width * aspect) / size.height,
    );
  const cropped = entry.clap && cleanAperture({ width, height }, entry.clap);
  if (cropped) display(cropped, "display");
  // Most decoders show the full picture and ignore the clean aperture.
  display({ width, height }, cropped ? "uncropped" : "display");
  add(width, height, "coded");
  const claims = [
    [entry.width, entry.height, "sample-entry"],
    [Math.round(video.width), Math.round(video.height), "track-header"],
  ] as const;
  for (const [w, h, from] of claims) {
    if (!w || !h) continue;
    const near = sizes.some((s) => Math.abs(s.width - w) < 16 && Math.abs(s.height - h) < 16);
    const turned = sizes.some((s) => Math.abs(s.width - h) < 16 && Math.abs(s.height - w) < 16);
    if (near || turned) continue;
    add(w, h, from);
    evidence.unusual.add("contradiction");
  }
}

/**
 * The pixel aspect ratio that a track header implies: its matrix scales the sides differently, or its size has another
 * shape than the coded one. ffprobe and MediaInfo read it in this way unless there is a pasp box.
 */
function impliedAspect(
  video: Track,
  [a, b, c, d]: Track["matrix"],
  width: number,
  height: number,
): number | null {
  if (!video.width || !video.height) return null;
  const stretch = Math.hypot(a, c) / Math.hypot(b, d);
  if (Number.isFinite(stretch) && Math.abs(stretch - 1) > 0.01) return stretch || null;
  const aspect = (video.width * height) / (video.height * width);
  return Math.round(width * aspect) === width ? null : aspect;
}
