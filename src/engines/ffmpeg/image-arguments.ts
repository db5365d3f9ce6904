import type { ImageEncoding, ImageJob } from "../job.ts";
import { flattenFilters, pictureFilters } from "./picture-filters.ts";

/** Filters that make a stored picture upright, by EXIF orientation 1 – 8. */
const orientationFilters: readonly (readonly string[])[] = [
  [],
  ["hflip"],
  ["hflip", "vflip"],
  ["vflip"],
  ["transpose=0"],
  ["transpose=1"],
  ["transpose=3"],
  ["transpose=2"],
];

/** As for video: linear light with reference white at 203 cd/m² (ITU-R BT.2408-7), gamut mapped, highlights compressed. */
function srgbFilters({ primaries, transfer }: NonNullable<ImageJob["toSrgb"]>, keepsDepth: boolean): string {
  const toneMap = transfer === "iec61966-2-1" ? [] : ["tonemap=mobius:desat=0"];
  return [
    "format=gbrp16",
    `zscale=min=gbr:rin=full:pin=${primaries}:tin=${transfer}:m=gbr:r=full:p=${primaries}:t=linear:npl=203`,
    "format=gbrpf32le,zscale=p=bt709",
    ...toneMap,
    `zscale=t=iec61966-2-1:m=gbr:r=full,format=${keepsDepth ? "gbrp16" : "gbrp"}`,
  ].join(",");
}

/** Options after the input of an image job, for one of its encodings; without the output's name. */
export function imageArguments(job: ImageJob, encoding: ImageEncoding, guarded: boolean): string[] {
  const { picture } = job;
  const keepsDepth = job.bitDepth === 16 && (encoding.format === "png" || encoding.format === "tiff");
  const filters = [
    ...(orientationFilters[job.orientation - 1] ?? []),
    ...(job.toSrgb ? [srgbFilters(job.toSrgb, keepsDepth)] : []),
    ...(picture.background === null ? [] : [flattenFilters(picture.background)]),
    ...pictureFilters(picture, job.shown),
  ];
  const out = job.animated ? ["-map", "0:v:0"] : ["-map", "0:v:0", "-frames:v", "1"];
  switch (encoding.format) {
    case "jpeg":
      filters.push("format=yuvj444p");
      // FFmpeg's scale of 2 (best) to 31 for 100 to 1.
      out.push(
        "-c:v",
        "mjpeg",
        "-q:v",
        String(Math.round(2 + ((100 - (encoding.quality ?? 95)) / 100) * 29)),
      );
      break;
    case "webp":
      out.push("-c:v", job.animated ? "libwebp_anim" : "libwebp", "-loop", "0");
      out.push(...(encoding.quality === null ? ["-lossless", "1"] : ["-quality", String(encoding.quality)]));
      break;
    case "gif":
      filters.push("split[a][b];[a]palettegen=reserve_transparent=1[p];[b][p]paletteuse");
      out.push("-c:v", "gif");
      break;
    case "png":
      out.push("-c:v", job.animated ? "apng" : "png", ...(job.animated ? ["-plays", "0"] : []));
      break;
    default:
      out.push("-c:v", encoding.format);
  }
  if (!keepsDepth && encoding.format === "png") filters.push("format=rgba|rgb24|gray|ya8|pal8");
  const muxer =
    encoding.format === "gif" || (job.animated && encoding.format === "webp")
      ? encoding.format
      : job.animated
        ? "apng"
        : "image2";
  return [
    ...out,
    "-filter:v",
    filters.join(","),
    ...(muxer === "image2" ? ["-update", "1"] : []),
    ...(guarded ? ["-f", muxer] : []),
  ];
}
