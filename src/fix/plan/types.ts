import type { ImageFormat, Job } from "../../engines/job.ts";
import type { MediaDetails } from "../../engines/media-details.ts";
import type { Facts } from "../../facts/facts.ts";
import type { Kind } from "../../facts/formats.ts";
import type { Table } from "../../rules/schema.ts";
import type { EmbeddedData } from "../metadata/embedded-data.ts";

/** What a person decides about a fix. */
export interface FixChoices {
  /** How a picture is brought to an allowed aspect ratio. Default "pad": nothing of the picture is lost. */
  fit?: "pad" | "crop" | undefined;
  /** Colour of the added borders, #rrggbb. Default black. */
  padColor?: string | undefined;
  /** Where the kept part of a video or audio starts, in seconds. Default 0. */
  trim?: number | undefined;
  /** Output format; default: the format that loses least. */
  to?: string | undefined;
  /** Colour that replaces transparency where it cannot be kept, #rrggbb. */
  background?: string | undefined;
  /** Keep only the first frame of an animation. */
  firstFrame?: boolean | undefined;
  /** Also make H.264, 8-bit SDR and AAC. */
  compatible?: boolean | undefined;
}

/** What a plan is made from besides the report and the choices. */
export interface PlanContext {
  /** The table that the report was made with; default: the report's own, if it was made in this process. */
  rules?: Table | undefined;
  /** Tracks and coding, if an engine has opened the file. */
  details?: MediaDetails | null | undefined;
  /** What the file contains besides its tracks, if an engine has opened it. */
  embedded?: EmbeddedData | null | undefined;
  /** Rules that the check was limited to, or that it left out: ids as for `check`. */
  only?: readonly string[] | undefined;
  skip?: readonly string[] | undefined;
  /** The engine that will run the plan; default: one that can do everything. */
  engine?: EngineTraits | null | undefined;
  /** What earlier attempts at this file have changed. */
  attempt?: Attempt | undefined;
}

/** Properties of an engine that affect a plan. */
export interface EngineTraits {
  /** HDR can be converted to SDR. */
  toneMapping: boolean;
  /** HEVC can be encoded in 10 bits. */
  hevc: boolean;
  /** EXIF, XMP and colour profiles of still images survive. */
  keepsMetadata: boolean;
  /** Formats that an animation can become with all its frames. */
  animations: readonly ImageFormat[];
  /** Text subtitles, chapters and time codes survive. */
  textTracks: boolean;
  /** Most bits per sample of the still images that it writes. */
  stillBitDepth: 8 | 16;
}

/** How an attempt differs from the first. */
export interface Attempt {
  /** Streams are encoded even if copying seemed enough. */
  encode: boolean;
  /** Share of the size limit that is aimed at, 0 – 1. */
  bytes: number;
  /** Share of the allowed pixels that is aimed at, 0 – 1: still images that no quality makes small enough. */
  pixels: number;
  /** Seconds that a trimmed file is shortened by, beyond the usual margin. */
  slack: number;
}

export const firstAttempt: Attempt = { encode: false, bytes: 1, pixels: 1, slack: 0 };

/** One change. Sizes are in pixels, times in seconds. */
export type FixStep =
  /** Streams are copied into a new container: nothing is lost. */
  | { kind: "remux"; to: string }
  /** Another format or codec. */
  | { kind: "convert"; from: string; to: string }
  | { kind: "scale"; width: number; height: number; factor: number }
  | { kind: "pad"; width: number; height: number; color: string }
  | { kind: "crop"; width: number; height: number; x: number; y: number }
  | { kind: "trim"; start: number; duration: number }
  | { kind: "frame-rate"; frameRate: number }
  | { kind: "square-pixels"; pixelAspectRatio: number }
  | { kind: "rotate"; degrees: number }
  | { kind: "reduce-size"; bytes: number };

/** What does not survive. */
export type LossKind =
  | "c2pa"
  | "gps"
  | "metadata"
  | "ai-label"
  | "chapters"
  | "subtitles"
  | "extra-tracks"
  | "cover"
  | "motion-photo"
  | "gain-map"
  | "channels"
  | "sample-rate"
  | "bit-depth"
  | "color"
  | "hdr"
  | "hdr-metadata"
  | "dolby-vision"
  | "alpha"
  | "animation"
  | "pages"
  | "audio-tail";

/** Something of the original that the copy lacks. */
export interface Loss {
  kind: LossKind;
  /** How much, in numbers or names: "6 → 2", "subrip". */
  detail: string | null;
}

/** Why there is no plan. `media-preflight explain CODE` explains each. */
export type CannotCode =
  | "not-media"
  | "empty"
  | "type"
  | "damaged"
  | "unread"
  | "encrypted"
  | "needs-probe"
  | "no-table"
  | "no-format"
  | "no-codec"
  | "no-size"
  | "no-frame-rate"
  | "too-short"
  | "after-end"
  | "too-small"
  | "minimum-size"
  | "dolby-vision"
  | "alpha"
  | "animation"
  | "image-sequence"
  | "camera-raw"
  | "no-decoder"
  | "no-encoder"
  | "no-tone-mapping"
  | "no-track"
  | "rules";

/** Why there is no plan, as data. */
export interface Cannot {
  code: CannotCode;
  /** Values for the message, or ids of the rules that no step can satisfy. */
  detail: string | null;
}

/** The steps, and the job that performs them. */
export interface Draft {
  steps: FixStep[];
  losses: Loss[];
  lossless: boolean;
  target: TargetFacts;
  job: Job;
}

/** Facts that the copy will have; `bytes` is an estimate of the most that it will have. */
export interface TargetFacts extends Partial<Facts> {
  format: string;
}

/** How a file is fixed, or why it cannot be. */
export interface FixPlan {
  /** "fits": nothing to do. "fix": run the job. "cannot": see reason. */
  outcome: "fits" | "fix" | "cannot";
  /** The kind of the copy; null if it is not known. */
  type: Kind | null;
  /** The changes, in the order in which they are made. */
  steps: FixStep[];
  /** What the copy will be; null without one. */
  target: TargetFacts | null;
  /** What the copy lacks. */
  losses: Loss[];
  /** All streams are copied. */
  lossless: boolean;
  /** Why there is no copy; null if there is one. */
  reason: Cannot | null;
  /** The equivalent ffmpeg command, quoted for a POSIX shell; null if ffmpeg cannot do it. */
  command: string | null;
  /** What an engine runs. */
  job: Job | null;
}
