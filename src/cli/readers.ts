import type { Readers } from "../facts/readers.ts";

/**
 * For the built command, in the stead of readers-at-hand.ts: a run loads the readers of the formats it meets, each
 * once.
 */
export const readersAtHand: Readers = {
  still: once(async () => (await import("../facts/image/still.ts")).readStill),
  tiff: once(async () => (await import("../facts/image/tiff.ts")).readTiff),
  heif: once(async () => (await import("../facts/image/heif.ts")).heif),
  movie: once(async () => (await import("../facts/video/mp4.ts")).readMp4),
  wav: once(async () => (await import("../facts/audio/wav.ts")).readWav),
  mp3: once(async () => (await import("../facts/audio/mp3.ts")).readMp3),
  others: once(async () => (await import("../facts/others.ts")).others),
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
