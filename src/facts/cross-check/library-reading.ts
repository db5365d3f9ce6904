import type { Format, Kind } from "../formats.ts";

/** The cross-check libraries; each is imported only when it is needed, by a file of its own. */
export type LibraryName = "mediainfo" | "image-size" | "music-metadata" | "file-type";

/** What a library reads from a file. Values that it does not report are absent. */
export interface LibraryReading {
  /** As displayed, in pixels; may be rounded. */
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
  /** Duration and frame rate are computed from a part of the file: if they disagree with ours, that is only a note. */
  estimate?: boolean;
}

/** A file as a library gets it: reads return copies, and are limited. */
export interface LibraryInput {
  format: Format | null;
  /** Bytes */
  size: number;
  /** At most `length` bytes; none where the data or the budget end. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** What libraries need that differs between Node.js and browsers. */
export interface LibraryEnvironment {
  /**
   * What mediainfo.js is to load: a verified path, or a request that verifies itself.
   * @throws MediaPreflightError `wasm-mismatch`, `not-found`, `usage`
   */
  wasm(): Promise<string | Request>;
  /** Throws a coded error with the reason why the module could not be loaded. */
  explain?(cause: unknown): Promise<never>;
}

/** Reads a file with one library. @throws the library's own error, on bytes that it cannot read */
export type LibraryReader = (input: LibraryInput, environment: LibraryEnvironment) => Promise<LibraryReading>;

/** Runs one library, in this thread or in a worker; rejects where it throws, takes too long or is not installed. */
export type RunLibrary = (name: LibraryName, input: LibraryInput) => Promise<LibraryReading>;
