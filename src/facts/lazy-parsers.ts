import { loadModule } from "../async/load-module.ts";
import type { Parsers } from "./parsers.ts";

/** For pages: each parser is a chunk of its own, loaded with the first file that needs it. */
export const lazyParsers: Parsers = {
  still: () => loadModule(() => import("./image/still.ts")).then((chunk) => chunk.readStill),
  tiff: () => loadModule(() => import("./image/tiff.ts")).then((chunk) => chunk.readTiff),
  heif: () => loadModule(() => import("./image/heif.ts")).then((chunk) => chunk.readHeif),
  movie: () => loadModule(() => import("./video/mp4.ts")).then((chunk) => chunk.readMp4),
  wav: () => loadModule(() => import("./audio/wav.ts")).then((chunk) => chunk.readWav),
  mp3: () => loadModule(() => import("./audio/mp3.ts")).then((chunk) => chunk.readMp3),
  others: () => loadModule(() => import("./other-formats.ts")).then((chunk) => chunk.others),
};
