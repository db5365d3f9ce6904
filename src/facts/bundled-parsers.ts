import { readMp3 } from "./audio/mp3.ts";
import { readWav } from "./audio/wav.ts";
import { readHeif } from "./image/heif.ts";
import { readStill } from "./image/still.ts";
import { readTiff } from "./image/tiff.ts";
import { others } from "./other-formats.ts";
import type { Parsers } from "./parsers.ts";
import { readMp4 } from "./video/mp4.ts";

/** For Node.js, where one bundled file loads faster than several. */
export const bundledParsers: Parsers = {
  still: () => readStill,
  tiff: () => readTiff,
  heif: () => readHeif,
  movie: () => readMp4,
  wav: () => readWav,
  mp3: () => readMp3,
  others: () => others,
};
