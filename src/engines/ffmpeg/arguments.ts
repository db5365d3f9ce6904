import type { AudioJob, ImageEncoding, Job } from "../job.ts";
import { imageArguments } from "./image-arguments.ts";
import { inputArguments, maxAllocation } from "./input-arguments.ts";
import { audioTrackArguments, seconds, videoArguments, withoutBrands } from "./video-arguments.ts";

export interface ArgumentOptions {
  /** Adds options against hostile input; false for a command to be shown to people. Default true. */
  guarded?: boolean | undefined;
  /** Encoders of the ffmpeg that will run; null: not known. */
  encoders: ReadonlySet<string> | null;
  /** Images: which of the job's encodings. */
  encoding?: ImageEncoding | undefined;
}

/** FFmpeg's arguments for a job. Pure. */
export function ffmpegArguments(job: Job, input: string, output: string, options: ArgumentOptions): string[] {
  const { guarded = true } = options;
  const before = guarded
    ? ["-nostdin", "-hide_banner", "-v", "error", "-max_alloc", String(maxAllocation)]
    : [];
  const fileArgument = (path: string): string => (guarded ? `file:${path}` : shownPath(path));
  return [
    ...before,
    ...(guarded
      ? inputArguments(
          job.from,
          job.decoders,
          job.kind === "video" && job.subtitles.length > 0,
          job.kind === "image" && job.animated,
        )
      : []),
    ...inputOptions(job, guarded),
    ...["-i", fileArgument(input)],
    ...outputOptions(job, options),
    ...(guarded ? ["-y"] : []),
    fileArgument(output),
  ];
}

function inputOptions(job: Job, guarded: boolean): string[] {
  // The job states how it is turned: an orientation that does not count, as that of a WebP, may be in the file.
  if (job.kind === "image") return guarded || job.orientation !== 1 ? ["-noautorotate"] : [];
  const out: string[] = [];
  // FFmpeg's own decoders for VP8 and VP9 do not decode transparency.
  if (
    job.kind === "video" &&
    job.video.encode?.picture.background != null &&
    /^vp[89]$/.test(job.video.codec)
  )
    out.push("-c:v", job.video.codec === "vp8" ? "libvpx" : "libvpx-vp9");
  return job.start > 0 ? [...out, "-ss", seconds(job.start)] : out;
}

function outputOptions(job: Job, { encoders, encoding, guarded = true }: ArgumentOptions): string[] {
  const sizeLimit = guarded ? ["-fs", String(job.maxBytes)] : [];
  if (job.kind === "image") {
    const chosen = encoding ?? job.encodings[0];
    if (!chosen) throw new RangeError("a job without an encoding");
    return [...imageArguments(job, chosen, guarded), ...sizeLimit];
  }
  // Headers may state too short a duration: without a trim the limit is longer, so that nothing is cut.
  const maxDuration = job.duration ?? (guarded ? job.expected * 1.1 + 10 : null);
  return [
    ...(job.kind === "video" ? videoArguments(job, encoders) : audioArguments(job, encoders)),
    ...(guarded ? ["-f", job.to] : []),
    ...(maxDuration === null ? [] : ["-t", seconds(maxDuration)]),
    ...sizeLimit,
  ];
}

function audioArguments(job: AudioJob, encoders: ReadonlySet<string> | null): string[] {
  const out = ["-map", `0:a:${job.audio.track}`];
  if (job.cover) out.push("-map", "0:v:0", "-c:v", "copy", "-disposition:v:0", "attached_pic");
  out.push("-map_chapters", "-1", ...withoutBrands, ...audioTrackArguments(job.audio, 0, encoders));
  return [...out, ...(job.to === "mp3" ? ["-id3v2_version", "3"] : [])];
}

/** A path as people would write it, marked as one where ffmpeg would take it for something else. */
export const shownPath = (path: string): string => (/[:%]|^-/.test(path) ? `file:${path}` : path);

/** An argument, quoted for a POSIX shell. */
export function shellQuoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
