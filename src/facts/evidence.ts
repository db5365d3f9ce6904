import type { Budgets } from "./budget.ts";
import { type Facts, noFacts } from "./facts.ts";
import type { Format, Kind } from "./formats.ts";

/**
 * Where a reading comes from.
 *
 * Sizes: `coded` after cropping, before pixel aspect; `display` with pixel aspect, orientation and clean
 * aperture applied; `uncropped` the same without the clean aperture; `track-header` tkhd; `bitstream` SPS and the like.
 * Durations: `container` mvhd; `video-track`, `audio-track` as presented (edits over sample tables);
 * `sample-table` without edits; `media-header` mdhd, with the edits applied; `track-header` tkhd; `all-frames`,
 * `less-padding` of an MP3; `header` what a tag states.
 * Sizes of a TIFF whose first page is flagged as a thumbnail: `full-page`, `first-page` (what many programs open).
 * Formats: `major-brand`, `compatible-brands` of an ftyp box that disagrees with itself.
 * Frame rates: `average` samples over duration; `nominal` the commonest delta, or the integer that an NTSC rate
 * is called by. The rest are cross-check libraries.
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

/** One value of one fact, and where it comes from. */
export interface Reading<T extends number | string | null = number | string | null> {
  value: T;
  from: Origin;
}

/** One value of the picture's size, in pixels, rotated as it is displayed. */
export interface SizeReading {
  width: number;
  height: number;
  /** Exact display aspect ratio if rounding to integer pixels changes it. */
  aspect?: number;
  from: Origin;
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
    | "placeholder-size" // a stated size that looks like a placeholder is far past the end of the file
    | "no-end-marker" // all stated bytes are present, the end marker is not
    | "no-tracks" // a container without audio or video in it
    | "no-picture" // an image container without an image in it
    | "no-index" // the part with the offsets of the samples was never written, or was cut off (moov)
    | "no-media-data" // tracks or headers, but no samples, frames or strips
    | "malformed" // a structure contradicts itself
    | "undecodable"; // a decoder failed: `part` is the time
  /** The structure concerned, in the format's own term: "mdat", "IDAT", "strip 3", "data chunk". */
  part: string;
  /** Byte offset of that structure, or null. */
  at: number | null;
  /** Bytes that are stated but missing, or null if they cannot be counted. */
  missing: number | null;
  /** True: a fail. False: only suspected, so unsure. */
  certain: boolean;
}

/** A fact that could not be read, and why. */
export interface Unread {
  /** A fact's name, or "all" where nothing further could be read. */
  fact: keyof Facts | "all";
  why:
    | { code: "budget"; which: keyof Budgets }
    | { code: "not-stated" } // the file does not state it
    | { code: "encrypted" } // reading it takes a key
    | { code: "unsupported"; what: string } // stated in a form that is not read
    | { code: "out-of-reach" }; // beyond what could be fetched
}

/** Something unusual that calls for a cross-check under `crossCheck: "auto"`. */
export type Unusual = "no-sample-table" | "unknown-codec" | "contradiction" | "unread" | "unusual-structure";

/** Everything read from one file, before any rule. A parser fills it step by step. */
export interface Evidence {
  /** Null: not recognised. */
  format: Format | null;
  /** What a person calls it; for an unrecognised file null, unless a cross-check library can name it. */
  label: string | null;
  mime: string | null;
  kind: Kind | null;
  /**
   * Facts that have one value. Those with readings below (width, height, duration, frameRate, …) are left to
   * `deriveFacts`, which reports the first reading.
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

/** Adds a damage: by default `certain`, with an unknown number of bytes `missing`. */
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

/** Records that a structure ends past the end of the data; position and missing bytes only if they can be counted. */
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

/** Records a fact that could not be read, which calls for a cross-check. */
export function unread(
  evidence: Evidence,
  fact: Unread["fact"],
  why: Unread["why"] = { code: "not-stated" },
): void {
  evidence.unread.push({ fact, why });
  evidence.unusual.add("unread");
}
