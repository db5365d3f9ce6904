import type { Budgets } from "./budget.ts";
import type { Format, Kind } from "./formats.ts";

/**
 * Where a reading comes from.
 *
 * Sizes: `coded` after cropping, before pixel aspect; `display` with pixel aspect, orientation and clean
 * aperture applied; `uncropped` the same without the clean aperture; `track-header` tkhd; `bitstream` SPS and the like.
 * Durations: `container` mvhd; `video-track`, `audio-track` as presented (edits over sample tables);
 * `sample-table` without edits; `media-header` mdhd, with the edits applied; `track-header` tkhd; `all-frames`, `less-padding` of an MP3; `header` a tag's claim.
 * Sizes of a TIFF whose first page is flagged as a thumbnail: `full-page`, `first-page` (what many programs open).
 * Formats: `major-brand`, `compatible-brands` of an ftyp box that disagrees with itself.
 * Frame rates: `average` samples over duration; `nominal` the commonest delta, or the integer that an NTSC rate
 * is called by. The rest are cross-check library.
 */
export type Origin =
  | "coded"
  | "display"
  | "uncropped"
  | "track-header"
  | "sample-entry"
  | "bitstream"
  | "container"
  | "video-track"
  | "audio-track"
  | "media-header"
  | "sample-table"
  | "edit-list"
  | "all-frames"
  | "less-padding"
  | "header"
  | "average"
  | "nominal"
  | "file"
  | "major-brand"
  | "compatible-brands"
  | "full-page"
  | "first-page"
  | "mediainfo"
  | "image-size"
  | "music-metadata"
  | "file-type";

/** One claim about one fact. */
export interface Reading<T extends number | string | null = number | string | null> {
  value: T;
  from: Origin;
}

/** One claim about the picture's size, in pixels, turned as it is displayed. */
export interface SizeReading {
  width: number;
  height: number;
  /** Exact display aspect ratio where rounding to whole pixels changes it. */
  aspect?: number;
  from: Origin;
}

/** What a file is, as the JSON report has it (schemaVersion 1). Null: absent or unknown. */
export interface Facts {
  format: string | null;
  mime: string | null;
  /** File size in bytes. */
  bytes: number | null;
  /** Display pixels: orientation, clean aperture and pixel aspect ratio applied. */
  width: number | null;
  height: number | null;
  /** Pixels after cropping, before pixel aspect and orientation. */
  codedWidth: number | null;
  codedHeight: number | null;
  /** Clockwise turn to display, in degrees: 0, 90, 180, 270. */
  rotation: number | null;
  pixelAspectRatio: number | null;
  /** Display width over display height. */
  aspectRatio: number | null;
  /** Display width times display height. */
  pixels: number | null;
  /** Tier of a video's size: "480p", "720p"; set by the rules, null outside their window. */
  resolution: string | null;
  /** Seconds, as presented. */
  duration: number | null;
  /** Average frames per second. */
  frameRate: number | null;
  frameRateMode: "constant" | "variable" | null;
  /** h264, hevc, av1, vp9, mpeg4, prores, mjpeg, …; else the four-character code. */
  videoCodec: string | null;
  /** aac, mp3, pcm, adpcm, opus, ac3, alac, flac, ulaw, alaw, …; else the code as stored. */
  audioCodec: string | null;
  /** Hz */
  sampleRate: number | null;
  channels: number | null;
  /** Video samples, or pictures of an animation; 1 for a still. */
  frames: number | null;
  /** Whether what is shown or heard is encrypted (Common Encryption, FairPlay); null: the format has no encryption. */
  encrypted: boolean | null;
  /** Whether bytes that the headers promise are missing. */
  truncated: boolean | null;
}

/** What is broken, and whether the bytes prove it. */
export interface Damage {
  code:
    | "empty" // no bytes at all
    | "all-zero" // every byte is zero
    | "zero-filled" // picture data that turn into zeros
    | "line-endings" // line endings were converted, as a copy in text mode does
    | "checksum" // a stored checksum does not match
    | "cut-short" // a structure ends past the end of the file
    | "placeholder-size" // a stated size that looks made up lies far past the end of the file
    | "no-end-marker" // all that was promised is there, the end marker is not
    | "no-tracks" // a container without audio or video in it
    | "no-picture" // an image container without an image in it
    | "no-index" // the part that says where the samples lie was never written, or was cut off (moov)
    | "no-media-data" // tracks or headers, but no samples, frames or strips
    | "malformed" // a structure contradicts itself
    | "undecodable"; // a decoder failed: `part` says at what time
  /** The structure concerned, in the format's own word: "mdat", "IDAT", "strip 3", "data chunk". */
  part: string;
  /** Byte offset of that structure, or null. */
  at: number | null;
  /** Bytes promised and absent, or null where that cannot be counted. */
  missing: number | null;
  /** True: a fail. False: only a suspicion, hence unsure. */
  certain: boolean;
}

/** A fact that could not be read, and why. */
export interface Unread {
  /** A fact's name, or "all" where nothing further could be read. */
  fact: keyof Facts | "all";
  why:
    | { code: "budget"; which: keyof Budgets }
    | { code: "not-stated" } // the file says nothing about it
    | { code: "encrypted" } // it takes a key
    | { code: "unsupported"; what: string } // stated in a form that is not read
    | { code: "out-of-reach" }; // beyond what could be fetched
}

/** Something unusual that calls for a cross-check under `crossCheck: "auto"`. */
export type Unusual = "no-sample-table" | "unknown-codec" | "contradiction" | "unread" | "unusual-structure";

/** All that was found out about one file, before any rule. A reader fills it as it goes. */
export interface Evidence {
  /** Null: not recognised. */
  format: Format | null;
  /** What a person calls it; for an unrecognised file null, unless a cross-check library can name it. */
  label: string | null;
  mime: string | null;
  kind: Kind | null;
  /**
   * Facts that have one value. Those with readings below (width, height, duration, frameRate, …) are left to
   * `settleFacts`, which reports the first reading.
   */
  facts: Facts;
  /** Set only where the format has more than one reading. */
  formats?: Reading<Format>[];
  /** The first is the one reported. */
  sizes: SizeReading[];
  durations: Reading<number>[];
  frameRates: Reading<number>[];
  damage: Damage[];
  unread: Unread[];
  unusual: Set<Unusual>;
  /** Cross-check libraries that gave no reading, and why. */
  crossCheckNotes: CrossCheckNote[];
}

/** A cross-check library that gave no reading. */
export interface CrossCheckNote {
  /** The library's name; "all" if none could be loaded. */
  crossCheck: string;
  why: string;
  /** True if the cross-check was required and could not run: such a file does not pass. */
  required?: true;
}

export const noFacts: Readonly<Facts> = {
  format: null,
  mime: null,
  bytes: null,
  width: null,
  height: null,
  codedWidth: null,
  codedHeight: null,
  rotation: null,
  pixelAspectRatio: null,
  aspectRatio: null,
  pixels: null,
  resolution: null,
  duration: null,
  frameRate: null,
  frameRateMode: null,
  videoCodec: null,
  audioCodec: null,
  sampleRate: null,
  channels: null,
  frames: null,
  encrypted: null,
  truncated: null,
};

export function newEvidence(bytes: number | null): Evidence {
  return {
    format: null,
    label: null,
    mime: null,
    kind: null,
    facts: { ...noFacts, bytes },
    sizes: [],
    durations: [],
    frameRates: [],
    damage: [],
    unread: [],
    unusual: new Set(),
    crossCheckNotes: [],
  };
}

/** Notes a damage: `certain` unless said otherwise, nothing countable `missing` unless said. */
export function damaged(
  evidence: Evidence,
  code: Damage["code"],
  part: string,
  at: number | null,
  missing: number | null = null,
  certain = true,
): void {
  evidence.damage.push({ code, part, at, missing, certain });
}

/** Notes that a structure ends past the end of the data, where and by how much as far as that can be counted. */
export function cutShort(
  evidence: Evidence,
  part: string,
  at: number,
  missing: number,
  certain = true,
): void {
  const known = Number.isSafeInteger(at + missing);
  damaged(evidence, "cut-short", part, known ? at : null, known ? missing : null, certain);
}

/** Notes a fact that could not be read: worth a cross-check. */
export function unread(
  evidence: Evidence,
  fact: Unread["fact"],
  why: Unread["why"] = { code: "not-stated" },
): void {
  evidence.unread.push({ fact, why });
  evidence.unusual.add("unread");
}

/** Damage of files from which no bytes are missing. */
const complete: readonly Damage["code"][] = [
  "no-tracks",
  "malformed",
  "checksum",
  "line-endings",
  "all-zero",
  "zero-filled",
];

/** Fills in the facts that follow from readings and damage. Call it after the last reading was added. */
export function settleFacts(evidence: Evidence): void {
  const { facts } = evidence;
  facts.format = evidence.format;
  facts.mime = evidence.mime;
  const size = evidence.sizes[0];
  if (size) {
    facts.width = size.width;
    facts.height = size.height;
    facts.aspectRatio = round(size.aspect ?? size.width / size.height, 4);
    facts.pixels = size.width * size.height;
  }
  facts.duration = evidence.durations[0] ? round(evidence.durations[0].value, 6) : null;
  facts.frameRate = evidence.frameRates[0] ? round(evidence.frameRates[0].value, 6) : null;
  const cut = evidence.damage.some((d) => d.certain && !complete.includes(d.code));
  const unreadable = evidence.unread.some(({ fact }) => fact !== "encrypted");
  facts.truncated = cut ? true : unreadable || evidence.format === null ? null : false;
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
