import type { Sharp, SharpOptions } from "sharp";
import { throwIfAborted } from "../../errors.ts";
import type { RunOptions } from "../engine.ts";
import { maxPixels } from "../ffmpeg/input-arguments.ts";
import type { ThumbnailFormat, ThumbnailJob } from "../thumbnail.ts";

const defaultDeadline = 20_000;

/** Writes the thumbnail of a still as WebP without metadata. What sharp throws is passed on. */
export async function sharpThumbnail(
  create: (input: string, options?: SharpOptions) => Sharp,
  job: ThumbnailJob,
  input: string,
  output: string,
  { signal, deadline = defaultDeadline }: RunOptions,
): Promise<ThumbnailFormat> {
  throwIfAborted(signal);
  // A damaged picture is shown as far as it decodes.
  const image = create(input, { limitInputPixels: maxPixels, failOn: "none", sequentialRead: true });
  await (job.rotation === 0 ? image : image.rotate(job.rotation))
    .resize(job.box.width, job.box.height, { fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .webp({ quality: job.quality, alphaQuality: 60, effort: 4 })
    .timeout({ seconds: Math.ceil(deadline / 1000) })
    .toFile(output);
  throwIfAborted(signal);
  return "webp";
}
