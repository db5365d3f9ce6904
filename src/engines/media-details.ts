/* What an engine can say of a file beyond its headers' facts: every track, and how its samples are coded. */

/** A fraction. */
export interface Rational {
  num: number;
  den: number;
}

/** A transfer characteristic. */
export type Transfer = "sdr" | "pq" | "hlg";

/** A video track. */
export interface VideoTrackDetails {
  /** Position among the file's video tracks. */
  track: number;
  /** In the engine's word: h264, hevc, vp9, prores, … */
  codec: string;
  /** Pixels before pixel aspect and rotation. */
  width: number;
  height: number;
  pixelAspectRatio: number;
  /** Clockwise turn to display, in degrees. */
  rotation: 0 | 90 | 180 | 270;
  /** Average frames per second. */
  frameRate: Rational | null;
  /** The rate that all timestamps fit, where the engine knows it. */
  nominalFrameRate: Rational | null;
  /** Seconds. */
  duration: number | null;
  bitDepth: number;
  transfer: Transfer;
  /** Matrix, primaries and range as the file states them; null: not stated. */
  colour: { matrix: string | null; primaries: string | null; transfer: string | null; fullRange: boolean };
  rgb: boolean;
  alpha: boolean;
  interlaced: boolean;
  /** The stream states the mastering display or its light levels (SMPTE ST 2086, CTA-861.3); absent: not known. */
  hdrMetadata?: boolean | undefined;
  /** Dolby Vision: its profile, and whether players without it show right colours; null or absent: none. */
  dolbyVision?: { profile: number; compatible: boolean } | null | undefined;
  /** Cover art or a thumbnail, not a film. */
  cover: boolean;
}

/** An audio track. */
export interface AudioTrackDetails {
  /** Position among the file's audio tracks. */
  track: number;
  codec: string;
  channels: number;
  /** Hz */
  sampleRate: number;
  bitDepth: number | null;
  /** Seconds. */
  duration: number | null;
}

/** A track that is neither video nor audio. */
export interface OtherTrackDetails {
  kind: "subtitle" | "data" | "attachment";
  /** Position among the file's tracks of this kind. */
  track: number;
  codec: string;
}

/** All tracks of one file. */
export interface MediaDetails {
  videos: VideoTrackDetails[];
  audios: AudioTrackDetails[];
  others: OtherTrackDetails[];
  chapters: number;
  /** Seconds, of the container. */
  duration: number | null;
  /** A place where it was recorded is written in the container. */
  location: boolean;
  /** Pictures in a still image's file of which only the first is shown. */
  pages: number;
}
