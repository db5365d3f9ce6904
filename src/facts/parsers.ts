import type { Cursor } from "./cursor.ts";
import type { Evidence } from "./evidence.ts";
import type { Format } from "./formats.ts";
import type { FormatRow } from "./read-formats.ts";

/**
 * Reads one format's headers into the evidence, as it goes: what was found before a budget ran out or the data
 * ended stays. It may refine `evidence.format` (an MP4 with audio only is `m4a`). It never throws on bad bytes,
 * save the cursor's signals EndOfData and OverBudget, which become damage and unread facts.
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

/** What is wanted of formats that are not read: to tell them by their bytes, and what they are called. */
export interface OtherFormats {
  sniff(cursor: Cursor): Promise<Format | null>;
  /** Damage that explains why bytes have no format. */
  explainUnknown(cursor: Cursor, evidence: Evidence): Promise<void>;
  /** Every format there is. */
  formats: Readonly<Record<Format, FormatRow>>;
}

/** Where readers come from is a platform's matter: at hand in Node, loaded when first wanted in a page. */
export type Parsers = Readonly<Record<ReaderName, () => Parser | Promise<Parser>>> & {
  others(): OtherFormats | Promise<OtherFormats>;
};
