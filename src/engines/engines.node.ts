import type { Format, Kind } from "../facts/formats.ts";
import type { Engine } from "./engine.ts";
import { demuxers } from "./ffmpeg/demuxers.ts";
import { ffmpegEngine } from "./ffmpeg/engine.node.ts";
import { type HeifDecoder, heifDecoder } from "./heif/decode.node.ts";
import { sharpEngine } from "./sharp/engine.node.ts";

/** The engines that are installed on this machine; null: not installed. */
export interface Engines {
  ffmpeg: Engine<string> | null;
  sharp: Engine<string> | null;
  heif: HeifDecoder | null;
}

let found: Promise<Engines> | undefined;

/** The engines of this machine; they are searched for once, with the environment of the process. */
export function nodeEngines(): Promise<Engines> {
  found ??= Promise.all([ffmpegEngine(), sharpEngine(), heifDecoder()]).then(([ffmpeg, sharp, heif]) => ({
    ffmpeg,
    sharp,
    heif,
  }));
  found.catch(() => {
    found = undefined;
  });
  return found;
}

/** The engine for a format; null if no installed one reads it. */
export function engineFor({ ffmpeg, sharp }: Engines, format: Format, kind: Kind): Engine<string> | null {
  return [sharp, ffmpeg].find((engine) => engine?.reads(format, kind)) ?? null;
}

/** HEIC and HEIF are decoded to PNG first. */
export const isHeif = (format: Format): boolean => format === "heic" || format === "heif";

/** Whether an engine could read the format if it were installed. */
export function isReadable(format: Format): boolean {
  return isHeif(format) || demuxers[format] !== undefined;
}

/** What to install, one line. */
export const installHint = "install ffmpeg (with ffprobe) so that it is on PATH, or name it in FFMPEG_PATH";
