import { ffmpegArguments, shellQuoted } from "../../engines/ffmpeg/arguments.ts";
import { demuxers } from "../../engines/ffmpeg/demuxers.ts";
import type { Job } from "../../engines/job.ts";

const extensions: Readonly<Record<string, string>> = { jpeg: "jpg", tiff: "tif" };

/** The extension of a format's files. */
export const extensionFor = (format: string): string => extensions[format] ?? format;

/** Bytes that a name may have: file systems differ, and none in use allows less. */
const maxNameBytes = 255;

/** `clip.mp4` → `clip.fixed.mp4`; a second try is `clip.fixed-2.mp4`. A name that would be too long is cut. */
export function fixedName(name: string, format: string, n = 1): string {
  const folder = name.slice(0, Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  const own = name.slice(folder.length);
  const stem = [...(own.replace(/\.[^.]*$/, "") || own)];
  const ending = `.fixed${n > 1 ? `-${n}` : ""}.${extensionFor(format)}`;
  const encoder = new TextEncoder();
  while (encoder.encode(stem.join("") + ending).length > maxNameBytes) stem.pop();
  return folder + stem.join("") + ending;
}

/** The ffmpeg command that does the same, for people to copy; null where ffmpeg does not read the format. */
export function commandFor(job: Job, file: string | null): string | null {
  if (demuxers[job.from] === undefined) return null;
  const input = file ?? "input";
  const format = job.kind === "image" ? (job.encodings[0]?.format ?? "png") : job.to;
  const args = ffmpegArguments(job, input, fixedName(input, format), { encoders: null, guarded: false });
  return ["ffmpeg", ...args.map((arg) => shellQuoted(arg))].join(" ");
}
