import { dirname } from "node:path";
import { MediaPreflightError } from "../../errors.ts";
import type { RunOptions } from "../engine.ts";
import { runProgram } from "../run-program.node.ts";
import { fitWithin, type ThumbnailFormat, type ThumbnailJob } from "../thumbnail.ts";
import { inputArguments, maxAllocation } from "./input-arguments.ts";
import { lastLine } from "./probe.node.ts";

const defaultDeadline = 20_000;
/** Bytes that a thumbnail may have. */
const maxBytes = 256 * 1024;
/** Seconds of audio that are drawn. */
const drawnSeconds = 60;

/**
 * Writes the thumbnail of a picture, a video or an audio file.
 * @param webp whether this ffmpeg writes WebP
 * @throws MediaPreflightError `engine-failed`, `timeout`, `aborted`
 */
export async function ffmpegThumbnail(
  ffmpeg: string,
  webp: boolean,
  job: ThumbnailJob,
  input: string,
  output: string,
  { signal, deadline = defaultDeadline }: RunOptions,
): Promise<ThumbnailFormat> {
  const args = thumbnailArguments(job, webp, input, output);
  const { code, stderr } = await runProgram(ffmpeg, args, { signal, deadline, cwd: dirname(output) });
  if (code !== 0) throw new MediaPreflightError("engine-failed", `ffmpeg failed: ${lastLine(stderr, input)}`);
  return webp ? "webp" : "jpeg";
}

/** The arguments of ffmpeg. Pure. */
export function thumbnailArguments(
  job: ThumbnailJob,
  webp: boolean,
  input: string,
  output: string,
): string[] {
  const audio = job.kind === "audio";
  const filters = audio ? waveformFilters(job) : pictureFilters(job);
  return [
    ...["-nostdin", "-hide_banner", "-v", "error", "-max_alloc", String(maxAllocation), "-threads", "1"],
    ...inputArguments(job.from, null),
    ...(job.kind === "image" ? ["-noautorotate"] : []),
    ...(job.kind === "video" && job.at > 0 ? ["-ss", job.at.toFixed(3)] : []),
    ...(audio ? ["-t", String(drawnSeconds)] : []),
    ...["-i", `file:${input}`],
    ...(audio ? ["-filter_complex", filters] : ["-map", "0:v:0", "-filter:v", filters]),
    ...["-an", "-sn", "-dn", "-frames:v", "1", "-map_metadata", "-1"],
    ...(webp
      ? ["-c:v", "libwebp", "-quality", String(job.quality)]
      : [
          "-c:v",
          "mjpeg",
          "-pix_fmt",
          "yuvj420p",
          "-q:v",
          String(Math.round(2 + (100 - job.quality) * 0.29)),
        ]),
    ...["-f", "image2", "-update", "1", "-fs", String(maxBytes), "-y", `file:${output}`],
  ];
}

const rotationFilters = {
  0: [],
  90: ["transpose=1"],
  180: ["hflip", "vflip"],
  270: ["transpose=2"],
} as const;

function pictureFilters({ box, shown, rotation }: ThumbnailJob): string {
  const size = fitWithin(shown, box);
  const scale = size
    ? `scale=${size.width}:${size.height}`
    : `scale=${box.width}:${box.height}:force_original_aspect_ratio=decrease`;
  return [...rotationFilters[rotation], `${scale}:flags=area`, "setsar=1"].join(",");
}

function waveformFilters({ box }: ThumbnailJob): string {
  const size = `${box.width}x${Math.round(box.height / 2)}`;
  // A middle grey, which is visible on light and on dark.
  return `[0:a:0]aformat=channel_layouts=mono,dynaudnorm,showwavespic=s=${size}:scale=sqrt:colors=0x7c8aa0`;
}
