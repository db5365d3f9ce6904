import { MediaPreflightError } from "../errors.ts";
import type { Reader, Readers } from "./readers.ts";

/** For pages: each reader is a chunk of its own, loaded with the first file that it reads. */
export const readersOnDemand: Readers = {
  still: () => load(import("./image/still.ts").then((chunk) => chunk.readStill)),
  tiff: () => load(import("./image/tiff.ts").then((chunk) => chunk.readTiff)),
  heif: () => load(import("./image/heif.ts").then((chunk) => chunk.heif)),
  movie: () => load(import("./video/mp4.ts").then((chunk) => chunk.readMp4)),
  wav: () => load(import("./audio/wav.ts").then((chunk) => chunk.readWav)),
  mp3: () => load(import("./audio/mp3.ts").then((chunk) => chunk.readMp3)),
};

/** @throws MediaPreflightError `network` where the page's own site does not answer */
async function load(reader: Promise<Reader>): Promise<Reader> {
  try {
    return await reader;
  } catch (cause) {
    throw new MediaPreflightError("network", "the code that reads this format could not be loaded", {
      cause,
      hint: "check the connection and try again; after an update of the site, reload the page",
      retryable: true,
    });
  }
}
