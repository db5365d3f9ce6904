import type { Cursor } from "./cursor.ts";
import type { Evidence } from "./evidence.ts";
import type { Format } from "./formats.ts";
import type { FormatRow } from "./read-formats.ts";

/**
 * Reads one format's headers into the evidence step by step: what was found before a budget ran out or the data
 * ended is kept. It may refine `evidence.format` (an MP4 with audio only is `m4a`). It never throws on bad bytes,
 * except the cursor's exceptions EndOfData and OverBudget, which become damage and unread facts.
 */
export type Parser = (cursor: Cursor, evidence: Evidence) => void | Promise<void>;

/** The formats that are read, each with the name of its reader; all others are only named. */
export const readers = {
  jpeg: "still",
  png: "still",
  gif: "still",
  webp: "still",
  bmp: "still",
  tiff: "tiff",
  heic: "heif",
  heif: "heif",
  mp4: "movie",
  mov: "movie",
  m4a: "movie",
  "3gp": "movie",
  "3g2": "movie",
  wav: "wav",
  mp3: "mp3",
} as const satisfies Partial<Record<Format, string>>;

export type ReaderName = (typeof readers)[keyof typeof readers];

/** The formats that the reader of this name reads. */
export type FormatOf<Name extends ReaderName> = {
  [F in keyof typeof readers]: (typeof readers)[F] extends Name ? F : never;
}[keyof typeof readers];

/** What is needed for formats that are not parsed: to detect and to name them. */
export interface OtherFormats {
  sniff(cursor: Cursor): Promise<Format | null>;
  /** Adds damage that explains why the bytes have no format. */
  explainUnknown(cursor: Cursor, evidence: Evidence): Promise<void>;
  /** Every format there is. */
  formats: Readonly<Record<Format, FormatRow>>;
}

/** The readers of a platform: bundled on Node.js, loaded when first needed in a page. */
export type Parsers = Readonly<Record<ReaderName, () => Parser | Promise<Parser>>> & {
  others(): OtherFormats | Promise<OtherFormats>;
};
