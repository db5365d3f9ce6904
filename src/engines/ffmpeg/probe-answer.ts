import type {
  AudioTrackDetails,
  MediaDetails,
  OtherTrackDetails,
  Rational,
  Transfer,
  VideoTrackDetails,
} from "../media-details.ts";

/* ffprobe's JSON as MediaDetails. All of it comes from an untrusted file: numbers may be missing or absurd. */

type Json = Readonly<Record<string, unknown>>;

/** Reads `ffprobe -show_streams -show_format -show_chapters -of json`. @throws TypeError for anything else */
export function detailsOf(answer: unknown): MediaDetails {
  const root = record(answer);
  const streams = list(root.streams).map(record);
  const videos: VideoTrackDetails[] = [];
  const audios: AudioTrackDetails[] = [];
  const others: OtherTrackDetails[] = [];
  const format = record(root.format ?? {});
  // Matroska states where tracks end, not how long they are: of a recording that starts late it says nothing.
  const late = text(format.format_name).includes("matroska") && Number(format.start_time) > 0.1;
  for (const stream of streams) {
    const kind = text(stream.codec_type);
    if (kind === "video") videos.push(videoTrack(stream, videos.length, late));
    else if (kind === "audio") audios.push(audioTrack(stream, audios.length, late));
    else if (kind === "subtitle" || kind === "data" || kind === "attachment") {
      const track = others.filter((other) => other.kind === kind).length;
      others.push({
        kind,
        track,
        codec: text(stream.codec_name) || text(stream.codec_tag_string) || "unknown",
      });
    }
  }
  const tags = Object.keys(record(format.tags ?? {}));
  return {
    videos,
    audios,
    others,
    chapters: list(root.chapters).length,
    duration: late ? null : positive(format.duration),
    location: tags.some((tag) => /^location|location\.iso6709/i.test(tag)),
    pages: 1,
  };
}

function videoTrack(s: Json, track: number, late: boolean): VideoTrackDetails {
  const pixels = text(s.pix_fmt);
  const transfer = statedName(s.color_transfer);
  const rotation = rotationOf(s);
  return {
    track,
    codec: text(s.codec_name) || text(s.codec_tag_string) || "unknown",
    width: positive(s.width) ?? 0,
    height: positive(s.height) ?? 0,
    pixelAspectRatio: ratioOf(s.sample_aspect_ratio),
    rotation,
    frameRate: rational(s.avg_frame_rate),
    nominalFrameRate: rational(s.r_frame_rate),
    duration: late ? null : (positive(s.duration) ?? durationTag(record(s.tags ?? {}))),
    bitDepth: depthOf(pixels, positive(s.bits_per_raw_sample)),
    transfer: transfers[transfer ?? ""] ?? "sdr",
    color: {
      matrix: statedName(s.color_space),
      primaries: statedName(s.color_primaries),
      transfer,
      fullRange: s.color_range === "pc" || pixels.startsWith("yuvj"),
    },
    rgb: /^(rgb|bgr|gbr|argb|abgr|0rgb|0bgr|x2rgb|pal8|gray)/.test(pixels),
    chroma: chromaOf(pixels),
    alpha: /^(yuva|rgba|bgra|argb|abgr|gbrap|ya\d)/.test(pixels) || record(s.tags ?? {}).alpha_mode === "1",
    hdrMetadata: statesMastering(list(s.side_data_list)),
    dolbyVision: dolbyVisionOf(list(s.side_data_list)),
    interlaced: ["tt", "bb", "tb", "bt"].includes(text(s.field_order)),
    cover: record(s.disposition ?? {}).attached_pic === 1 || record(s.disposition ?? {}).still_image === 1,
  };
}

function audioTrack(s: Json, track: number, late: boolean): AudioTrackDetails {
  return {
    track,
    codec: text(s.codec_name) || text(s.codec_tag_string) || "unknown",
    channels: positive(s.channels) ?? 2,
    sampleRate: positive(s.sample_rate) ?? 48_000,
    bitDepth: positive(s.bits_per_raw_sample) ?? positive(s.bits_per_sample),
    duration: late ? null : (positive(s.duration) ?? durationTag(record(s.tags ?? {}))),
  };
}

const transfers: Readonly<Record<string, Transfer>> = { smpte2084: "pq", "arib-std-b67": "hlg" };

/** Bits per component, by the name of the pixel format: yuv420p10le, p010le, gbrp12be, rgb48le. */
function depthOf(pixels: string, stated: number | null): number {
  const named = /p(\d{1,2})(le|be)?$/.exec(pixels)?.[1] ?? /^p0(\d\d)/.exec(pixels)?.[1];
  const planar = named && Number(named) >= 9 ? Number(named) : null;
  if (planar) return planar;
  if (/^(rgb48|bgr48|rgba64|bgra64|gray16|ya16)/.test(pixels)) return 16;
  return pixels === "" && stated ? stated : 8;
}

/** Resolution of the colour channels, by the name of the pixel format: yuv422p10le, gbrp, nv16, p210le, uyvy422. */
function chromaOf(pixels: string): string | null {
  if (/^(rgb|bgr|gbr|argb|abgr|0rgb|0bgr|x2rgb|pal8)/.test(pixels)) return "4:4:4";
  const digits =
    /4[0-4][0-4]/.exec(pixels)?.[0] ??
    (/^(nv12|nv21|p01)/.test(pixels) ? "420" : /^(nv16|nv20|p21|y21)/.test(pixels) ? "422" : null) ??
    (/^(nv24|nv42|p41)/.test(pixels) ? "444" : null);
  return digits && [...digits].join(":");
}

/** Whether side data of a stream or frame state the mastering display or its light levels. */
function statesMastering(sideData: readonly unknown[]): boolean {
  return sideData.some((side) =>
    /^(Mastering display|Content light level)/.test(text(record(side).side_data_type)),
  );
}

/** Reads `ffprobe -show_frames` of one frame. @throws TypeError for anything else */
export function frameStatesMastering(answer: unknown): boolean {
  return list(record(answer).frames).some((frame) => statesMastering(list(record(frame).side_data_list)));
}

/** The Dolby Vision configuration record: compatibility id 0 means that the base layer alone has other colours. */
function dolbyVisionOf(sideData: readonly unknown[]): VideoTrackDetails["dolbyVision"] {
  const found = sideData.map(record).find((side) => text(side.side_data_type).startsWith("DOVI"));
  if (!found) return null;
  return {
    profile: Number(found.dv_profile) || 0,
    compatible: Number(found.dv_bl_signal_compatibility_id) > 0,
  };
}

function rotationOf(s: Json): 0 | 90 | 180 | 270 {
  const matrix = list(s.side_data_list)
    .map(record)
    .find((side) => side.rotation !== undefined);
  // The display matrix is stated counter-clockwise.
  const degrees = Math.round(-Number(matrix?.rotation ?? 0) / 90) * 90;
  const turn = ((degrees % 360) + 360) % 360;
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0;
}

function ratioOf(value: unknown): number {
  const [w, h] = text(value).split(":").map(Number);
  return w && h && w > 0 && h > 0 ? w / h : 1;
}

function rational(value: unknown): Rational | null {
  const [num, den] = text(value).split("/").map(Number);
  return num && den && num > 0 && den > 0 ? { num, den } : null;
}

/** Matroska states a track's duration as a tag: 00:00:03.018000000. */
function durationTag(tags: Json): number | null {
  const found = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text(tags.DURATION));
  return found ? positive(Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3])) : null;
}

function positive(value: unknown): number | null {
  const n = Number(value);
  return Number.isFinite(n) && n > 0 ? n : null;
}

function statedName(value: unknown): string | null {
  const w = text(value);
  return w === "" || w === "unknown" || w === "reserved" ? null : w;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function record(value: unknown): Json {
  if (typeof value !== "object" || value === null) throw new TypeError("not an object");
  return value as Json;
}
