import { readMp3 } from "./audio/mp3.ts";
import { readWav } from "./audio/wav.ts";
import type { Cursor } from "./cursor.ts";
import type { Evidence } from "./evidence.ts";
import type { Format } from "./formats.ts";
import { readBmp } from "./image/bmp.ts";
import { readGif } from "./image/gif.ts";
import { heif } from "./image/heif.ts";
import { readJpeg } from "./image/jpeg.ts";
import { readPng } from "./image/png.ts";
import { readTiff } from "./image/tiff.ts";
import { readWebp } from "./image/webp.ts";
import { readMp4 } from "./video/mp4.ts";

/**
 * Reads one format's headers into the evidence, as it goes: what was found before a budget ran out or the data
 * ended stays. It may refine `evidence.format` (an MP4 with audio only is `m4a`). It never throws on bad bytes,
 * save the cursor's signals EndOfData and OverBudget, which the inspector turns into damage and unread facts.
 */
export type Reader = (cursor: Cursor, evidence: Evidence) => void | Promise<void>;

/** The formats that are read; all others are only named. */
export const readers: Partial<Record<Format, Reader>> = {
  webp: readWebp,
  tiff: readTiff,
  png: readPng,
  jpeg: readJpeg,
  gif: readGif,
  bmp: readBmp,
  heic: heif,
  heif,
  mp3: readMp3,
  wav: readWav,
  mp4: readMp4,
  mov: readMp4,
  m4a: readMp4,
  "3gp": readMp4,
  "3g2": readMp4,
};
