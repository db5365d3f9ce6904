import { readMp3 } from "./audio/mp3.ts";
import { readWav } from "./audio/wav.ts";
import { heif } from "./image/heif.ts";
import { readStill } from "./image/still.ts";
import { readTiff } from "./image/tiff.ts";
import { others } from "./other-formats.ts";
import type { Parsers } from "./parsers.ts";
import { readMp4 } from "./video/mp4.ts";

/** For Node, where one file loads faster than two. */
export const bundledParsers: Parsers = {
  still: () => readStill,
  tiff: () => readTiff,
  heif: () => heif,
  movie: () => readMp4,
  wav: () => readWav,
  mp3: () => readMp3,
  others: () => others,
};
