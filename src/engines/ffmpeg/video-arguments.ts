import type { AudioTrackJob, Size, VideoEncoding, VideoJob } from "../job.ts";
import { flattenFilters, pictureFilters } from "./picture-filters.ts";

/** FFmpeg's encoders for each codec, the best first. */
export const encodersFor: Readonly<Record<string, readonly string[]>> = {
  h264: ["libx264", "libopenh264", "h264_videotoolbox", "h264_mf"],
  hevc: ["libx265", "hevc_videotoolbox"],
  aac: ["aac"],
  mp3: ["libmp3lame"],
  pcm: ["pcm_s16le", "pcm_s24le"],
};

/** The best available encoder for a codec; the usual one if it is not known which are available. */
export function encoderFor(codec: string, available: ReadonlySet<string> | null): string {
  const names = encodersFor[codec] ?? [codec];
  return names.find((name) => available === null || available.has(name)) ?? names[0] ?? codec;
}

/** What an MP4 states of its own container, ffmpeg takes for tags: the output has its own. */
export const withoutBrands: readonly string[] = ["major_brand", "minor_version", "compatible_brands"].flatMap(
  (tag) => ["-metadata", `${tag}=`],
);

/** Options after the input of a video job; without the output's name. */
export function videoArguments(job: VideoJob, available: ReadonlySet<string> | null = null): string[] {
  const { video, audio, subtitles } = job;
  const out = ["-map", `0:v:${video.track}`];
  for (const { track } of audio) out.push("-map", `0:a:${track}`);
  for (const track of subtitles) out.push("-map", `0:s:${track}`);
  if (!job.chapters) out.push("-map_chapters", "-1");
  if (video.encode) out.push(...encodingArguments(video.encode, job.shown, available));
  // FFmpeg counts the boxes that carry Dolby Vision's configuration as unofficial.
  else out.push("-c:v", "copy", "-strict", "unofficial");
  // Apple's players require this sample entry for HEVC.
  if ((video.encode?.codec ?? video.codec) === "hevc") out.push("-tag:v", "hvc1");
  audio.forEach((track, i) => {
    out.push(...audioTrackArguments(track, i, available));
  });
  if (subtitles.length) out.push("-c:s", "mov_text");
  // Named, tags keep the date of the recording, which ffmpeg otherwise leaves out.
  out.push("-map_metadata", "0", ...withoutBrands);
  // Labels that are no standard tags (AIGC, DigitalSourceType) are kept as keys.
  out.push("-movflags", "+faststart+use_metadata_tags");
  if (!job.timecode) out.push("-write_tmcd", "0");
  return out;
}

/** Options for one audio track of the output. */
export function audioTrackArguments(
  { encode }: AudioTrackJob,
  position: number,
  available: ReadonlySet<string> | null,
): string[] {
  const at = `:a:${position}`;
  if (!encode) return [`-c${at}`, "copy"];
  const codec =
    encode.codec === "pcm"
      ? encode.bitDepth === 24
        ? "pcm_s24le"
        : "pcm_s16le"
      : encoderFor(encode.codec, available);
  const out = [`-c${at}`, codec];
  if (encode.bitRate !== null) out.push(`-b${at}`, String(encode.bitRate));
  if (encode.sampleRate !== null) out.push(`-ar${at}`, String(encode.sampleRate));
  if (encode.channels !== null) out.push(`-ac${at}`, String(encode.channels));
  if (encode.end !== null) out.push(`-filter${at}`, `atrim=end=${seconds(encode.end)}`);
  return out;
}

function encodingArguments(
  encode: VideoEncoding,
  shown: Size,
  available: ReadonlySet<string> | null,
): string[] {
  const encoder = encoderFor(encode.codec, available);
  const pixels = encode.bitDepth === 10 ? "yuv420p10le" : "yuv420p";
  const filters = [
    ...(encode.deinterlace ? ["yadif"] : []),
    ...(encode.frameRate ? [`fps=${encode.frameRate.num}/${encode.frameRate.den}`] : []),
    ...(encode.picture.background === null ? [] : [flattenFilters(encode.picture.background)]),
    ...pictureFilters(encode.picture, shown, encode.toSdr ? "" : rangeOptions(encode)),
    ...(encode.toSdr ? [toneMap] : []),
    `format=${pixels}`,
  ];
  const { matrix, primaries, transfer } = encode.toSdr ? bt709 : encode.color;
  const out = ["-filter:v", filters.join(","), "-c:v", encoder];
  const rate = encode.maxBitRate;
  if (encoder === "libx264" || encoder === "libx265") {
    out.push("-preset", "medium", "-crf", encoder === "libx264" ? "18" : "20");
    if (encoder === "libx265") out.push("-x265-params", "log-level=error:repeat-headers=1");
    if (rate !== null) out.push("-maxrate", String(rate), "-bufsize", String(rate));
  } else {
    const { width, height } = encode.picture.pad ?? encode.picture.scale;
    const defaultBitRate = Math.round(width * height * 30 * 0.15);
    out.push("-b:v", String(Math.min(defaultBitRate, rate ?? defaultBitRate)));
  }
  out.push("-pix_fmt", pixels, "-color_range", "tv");
  if (matrix !== null) out.push("-colorspace", matrix);
  if (primaries !== null) out.push("-color_primaries", primaries);
  if (transfer !== null) out.push("-color_trc", transfer);
  return out;
}

const bt709 = { matrix: "bt709", primaries: "bt709", transfer: "bt709" };

function rangeOptions({ color }: VideoEncoding): string {
  const matrix = color.rgb ? ":out_color_matrix=bt709" : "";
  return `${color.fullRange && !color.rgb ? ":in_range=full" : ""}:out_range=tv${matrix}`;
}

/**
 * HDR and wide gamut to BT.709: linear light with reference white at 203 cd/m² (ITU-R BT.2408-7, table 1), gamut
 * mapped, highlights compressed, everything below unchanged.
 */
const toneMap =
  "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=mobius:desat=0,zscale=t=bt709:m=bt709:r=tv";

/** Seconds for FFmpeg: microseconds are its finest. */
export function seconds(value: number): string {
  return String(Math.round(value * 1e6) / 1e6);
}
