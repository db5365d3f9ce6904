import type { Format, Kind } from "../formats.ts";

/** The libraries that may be asked; each in its own file, imported only when it is asked. */
export type LibraryName = "mediainfo" | "image-size" | "music-metadata" | "file-type";

/** What a cross-check library makes of a file. Everything it does not say is absent. */
export interface LibraryReading {
  /** As displayed, pixels; may be a rounded figure. */
  size?: { width: number; height: number };
  /** Seconds. */
  duration?: number;
  /** Frames per second. */
  frameRate?: number;
  videoCodec?: string;
  audioCodec?: string;
  /** Hz */
  sampleRate?: number;
  channels?: number;
  /** What it calls a file that the signatures do not know. */
  named?: { mime: string; extension: string; kind: Kind | null };
  /** Times it worked out from a part of the file: they inform where they disagree, and settle nothing. */
  estimate?: boolean;
}

/** A file as a cross-check library may see it: its size, and reads of it that are copies and run out. */
export interface Question {
  format: Format | null;
  /** Bytes */
  size: number;
  /** At most `length` bytes; none where the data or the budget end. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Where cross-check library run: what they need that differs between Node and browsers. */
export interface LibraryEnvironment {
  /**
   * What mediainfo.js is to load: a verified path, or a request that verifies itself.
   * @throws MediaPreflightError `wasm-mismatch`, `not-found`, `usage`
   */
  wasm(): Promise<string | Request>;
  /** Throws a coded error that says why the module could not be loaded. */
  explain?(cause: unknown): Promise<never>;
}

/** @throws whatever the library throws, on bytes it does not like */
export type CrossCheckLibrary = (
  question: Question,
  surroundings: LibraryEnvironment,
) => Promise<LibraryReading>;

/** Asks one cross-check library, here or in a worker; rejects where it throws, takes too long or is not installed. */
export type Ask = (name: LibraryName, question: Question) => Promise<LibraryReading>;
