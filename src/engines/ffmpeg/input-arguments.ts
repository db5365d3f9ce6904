import type { Format } from "../../facts/formats.ts";
import { decoders, demuxers, subtitleDecoders } from "./demuxers.ts";

/** Largest picture that is decoded: 16,384 × 16,384. */
export const maxPixels: number = 2 ** 28;
/** Largest single allocation, bytes: such a picture in 8-bit RGBA. */
export const maxAllocation: number = 2 ** 30;

/** Codecs that FFmpeg decodes by another name than the codec's own. */
const decodersOf: Readonly<Record<string, readonly string[]>> = {
  av1: ["libdav1d", "libaom-av1", "av1"],
  mp3: ["mp3float", "mp3"],
  mp2: ["mp2float", "mp2"],
  mp1: ["mp1float", "mp1"],
  dts: ["dca"],
  vp8: ["vp8", "libvpx"],
  vp9: ["vp9", "libvpx-vp9"],
  opus: ["opus", "libopus"],
  vorbis: ["vorbis", "libvorbis"],
  speex: ["speex", "libspeex"],
  amr_nb: ["amrnb", "libopencore_amrnb"],
  amr_wb: ["amrwb", "libopencore_amrwb"],
  jpeg2000: ["jpeg2000", "libopenjpeg"],
  jpegxl: ["jpegxl", "libjxl"],
  msmpeg4v3: ["msmpeg4"],
  flv1: ["flv"],
};

/** The decoders that may run for these codecs; a codec that is not known gets none. */
export function allowedDecoders(codecs: readonly string[]): string[] {
  const named = codecs.flatMap((codec) => decodersOf[codec] ?? [codec]);
  return [...new Set(named)].filter((name) => decoders.includes(name));
}

/**
 * Input options against hostile files: demuxer and decoders are named, no other file or address can be opened, and
 * pictures and allocations have a largest size. Decoders that `-codec_whitelist` does not name do not start.
 * @param codecs codecs that are decoded; null: all allowed ones, to read only the headers
 * @param animated all frames of an animated PNG are needed, which another demuxer reads
 * @param subtitles the file has subtitles: ffprobe ends, and ffmpeg reports an error, where it may not open them
 */
export function inputArguments(
  format: Format,
  codecs: readonly string[] | null,
  subtitles: boolean = codecs === null,
  animated: boolean = false,
): string[] {
  const allowed = [
    ...(codecs === null ? decoders : allowedDecoders(codecs)),
    ...(subtitles ? subtitleDecoders : []),
  ];
  const demuxer = animated && format === "png" ? "apng" : demuxers[format];
  if (demuxer === undefined) throw new RangeError(`no demuxer for ${format}`);
  return [
    ...["-protocol_whitelist", "file,pipe", "-f", demuxer],
    // An empty list would allow all decoders.
    ...["-codec_whitelist", allowed.length > 0 ? allowed.join(",") : "none"],
    ...["-max_pixels", String(maxPixels)],
  ];
}
