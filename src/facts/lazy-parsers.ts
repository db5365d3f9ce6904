import { MediaPreflightError } from "../errors.ts";
import type { Parsers } from "./parsers.ts";

/** For pages: each part is a chunk of its own, loaded with the first file that it is for. */
export const lazyParsers: Parsers = {
  still: () => load(import("./image/still.ts").then((chunk) => chunk.readStill)),
  tiff: () => load(import("./image/tiff.ts").then((chunk) => chunk.readTiff)),
  heif: () => load(import("./image/heif.ts").then((chunk) => chunk.heif)),
  movie: () => load(import("./video/mp4.ts").then((chunk) => chunk.readMp4)),
  wav: () => load(import("./audio/wav.ts").then((chunk) => chunk.readWav)),
  mp3: () => load(import("./audio/mp3.ts").then((chunk) => chunk.readMp3)),
  others: () => load(import("./other-formats.ts").then((chunk) => chunk.others)),
};

/** @throws MediaPreflightError `network` where the page's own site does not answer */
async function load<Part>(part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch (cause) {
    throw new MediaPreflightError("network", "the reader for this file could not be loaded", {
      cause,
      hint: "reload the page; preloadParsers() loads readers ahead",
      retryable: true,
    });
  }
}
