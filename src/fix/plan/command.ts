import { ffmpegArguments, shellQuoted } from "../../engines/ffmpeg/arguments.ts";
import { demuxers } from "../../engines/ffmpeg/demuxers.ts";
import type { Job } from "../../engines/job.ts";

const extensions: Readonly<Record<string, string>> = { jpeg: "jpg", tiff: "tif" };

/** The extension of a format's files. */
export const extensionFor = (format: string): string => extensions[format] ?? format;

/** `clip.mp4` → `clip.fixed.mp4`; a second try is `clip.fixed-2.mp4`. */
export function fixedName(name: string, format: string, n = 1): string {
  const stem = name.replace(/\.[^./\\]*$/, "") || name;
  return `${stem}.fixed${n > 1 ? `-${n}` : ""}.${extensionFor(format)}`;
}

/** The ffmpeg command that does the same, for people to copy; null where ffmpeg does not read the format. */
export function commandFor(job: Job, file: string | null): string | null {
  if (demuxers[job.from] === undefined) return null;
  const input = file ?? "input";
  const format = job.kind === "image" ? (job.encodings[0]?.format ?? "png") : job.to;
  const args = ffmpegArguments(job, input, fixedName(input, format), { encoders: null, guarded: false });
  return ["ffmpeg", ...args.map((arg) => shellQuoted(arg))].join(" ");
}
