/* What an engine reads besides the facts: every track, and how its samples are coded. */

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
  /** As the engine names it: h264, hevc, vp9, prores, … */
  codec: string;
  /** Pixels before pixel aspect and rotation. */
  width: number;
  height: number;
  pixelAspectRatio: number;
  /** Clockwise rotation for display, in degrees. */
  rotation: 0 | 90 | 180 | 270;
  /** Average frames per second. */
  frameRate: Rational | null;
  /** The rate that fits all timestamps, if the engine knows it. */
  nominalFrameRate: Rational | null;
  /** Seconds. */
  duration: number | null;
  bitDepth: number;
  transfer: Transfer;
  /** Matrix, primaries and range as the file states them; null: not stated. */
  color: { matrix: string | null; primaries: string | null; transfer: string | null; fullRange: boolean };
  rgb: boolean;
  /** Four inks, not light: absent means no. */
  cmyk?: boolean | undefined;
  /** Resolution of the colour channels, as 4:2:0; 4:4:4 for RGB; null or absent: not known, or gray. */
  chroma?: string | null | undefined;
  alpha: boolean;
  interlaced: boolean;
  /** The stream states the mastering display or its light levels (SMPTE ST 2086, CTA-861.3); absent: not known. */
  hdrMetadata?: boolean | undefined;
  /** Dolby Vision: its profile, and whether players without it show the right colours; null or absent: none. */
  dolbyVision?: { profile: number; compatible: boolean } | null | undefined;
  /** Cover art or a thumbnail. */
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
  /** The container states the place of the recording. */
  location: boolean;
  /** Pictures in a still image's file of which only the first is shown. */
  pages: number;
}
