import type { Parsers } from "../facts/parsers.ts";

/**
 * For the built command, in the stead of bundled-parsers.ts: a run loads the readers of the formats it meets, each
 * once.
 */
export const bundledParsers: Parsers = {
  still: once(async () => (await import("../facts/image/still.ts")).readStill),
  tiff: once(async () => (await import("../facts/image/tiff.ts")).readTiff),
  heif: once(async () => (await import("../facts/image/heif.ts")).heif),
  movie: once(async () => (await import("../facts/video/mp4.ts")).readMp4),
  wav: once(async () => (await import("../facts/audio/wav.ts")).readWav),
  mp3: once(async () => (await import("../facts/audio/mp3.ts")).readMp3),
  others: once(async () => (await import("../facts/other-formats.ts")).others),
};

function once<Part>(load: () => Promise<Part>): () => Part | Promise<Part> {
  let part: Part | Promise<Part> | undefined;
  return () => {
    part ??= load().then((loaded) => {
      part = loaded;
      return loaded;
    });
    return part;
  };
}
