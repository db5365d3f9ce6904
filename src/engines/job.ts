import type { Format } from "../facts/formats.ts";
import type { Rational } from "./media-details.ts";

/* Jobs for an engine. A job contains every decision; engines make none. */

/** Width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A rectangle in pixels. */
export interface Rect extends Size {
  x: number;
  y: number;
}

/** How a picture changes, in this order. The source is first made upright, with square pixels. */
export interface PictureChange {
  /** Part of the upright source that is kept; null: all of it. */
  crop: Rect | null;
  /** Size of the picture after scaling. */
  scale: Size;
  /** Canvas that the scaled picture is centred on, filled with the colour; null: none. */
  pad: (Size & { color: string }) | null;
  /** Colour that replaces transparency, as #rrggbb; null: transparency is kept. */
  background: string | null;
}

/** Video codecs that engines write. */
export type VideoCodec = "h264" | "hevc";
/** Audio codecs that engines write. */
export type AudioCodec = "aac" | "mp3" | "pcm";

/** A video track to re-encode. */
export interface VideoEncoding {
  codec: VideoCodec;
  bitDepth: 8 | 10;
  picture: PictureChange;
  /** Constant frame rate to convert to; null: timestamps stay. */
  frameRate: Rational | null;
  /** bit/s, never exceeded over a second; null: quality alone decides. */
  maxBitRate: number | null;
  /** Convert HDR or wide gamut to BT.709. */
  toSdr: boolean;
  deinterlace: boolean;
  /** What the output states; null: nothing. */
  color: {
    matrix: string | null;
    primaries: string | null;
    transfer: string | null;
    /** The source uses all values of a sample. */
    fullRange: boolean;
    rgb: boolean;
  };
}

/** An audio track to re-encode. */
export interface AudioEncoding {
  codec: AudioCodec;
  /** Hz; null: as it is. */
  sampleRate: number | null;
  channels: number | null;
  /** bit/s; null: the codec has none. */
  bitRate: number | null;
  /** Bits per PCM sample. */
  bitDepth: 16 | 24;
  /** Seconds after which it is silent: an encoder's last frame may reach beyond it. */
  end: number | null;
}

/** An audio track to make. */
export interface AudioTrackJob {
  /** Position among the input's audio tracks. */
  track: number;
  /** Null: copied as it is. */
  encode: AudioEncoding | null;
}

/** Which part of a file is kept. */
export interface Timed {
  /** Seconds into the input where the kept part starts. */
  start: number;
  /** Seconds that are kept; null: all. */
  duration: number | null;
  /** Seconds that the output will have: bounds the run and measures progress. */
  expected: number;
  /** Bytes that are written at most. */
  maxBytes: number;
}

/** A video to make. */
export interface VideoJob extends Timed {
  kind: "video";
  /** Size of the upright source with square pixels. */
  shown: Size;
  from: Format;
  to: "mp4" | "mov";
  video: { track: number; codec: string; encode: VideoEncoding | null };
  audio: AudioTrackJob[];
  /** Codecs of all tracks that are decoded: nothing else may run. */
  decoders: string[];
  /** Positions of text subtitles that are kept. */
  subtitles: number[];
  chapters: boolean;
  /** The time code of the first picture is still right. */
  timecode: boolean;
}

/** An audio file to make. */
export interface AudioJob extends Timed {
  kind: "audio";
  from: Format;
  to: "wav" | "mp3";
  audio: AudioTrackJob;
  decoders: string[];
  /** The input has cover art that is kept. */
  cover: boolean;
}

/** Image formats that engines write. */
export type ImageFormat = "jpeg" | "png" | "webp" | "tiff" | "gif" | "bmp";

/** One way to write a picture. */
export interface ImageEncoding {
  format: ImageFormat;
  /** 1 – 100; null: lossless. */
  quality: number | null;
}

/** An image to make. */
export interface ImageJob {
  kind: "image";
  /** Size of the upright source. */
  shown: Size;
  from: Format;
  picture: PictureChange;
  /** Tried in this order; the first whose output is at most `maxBytes` is kept. */
  encodings: ImageEncoding[];
  maxBytes: number;
  /** Primaries and transfer, by FFmpeg's names, that are converted to sRGB; null: samples are kept as they are. */
  toSrgb: { primaries: string; transfer: string } | null;
  /** Keep all frames, or the first one. */
  animated: boolean;
  bitDepth: 8 | 16;
  /** EXIF orientation of the stored picture, 1 – 8. */
  orientation: number;
  /** Codecs that are decoded: nothing else may run. */
  decoders: string[];
}

/** What an engine has to make. */
export type Job = VideoJob | AudioJob | ImageJob;
