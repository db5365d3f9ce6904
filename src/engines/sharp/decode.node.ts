import type { Metadata, Sharp, SharpOptions } from "sharp";
import { throwIfAborted } from "../../errors.ts";
import type { Format } from "../../facts/formats.ts";
import type { DecodeError, RunOptions } from "../engine.ts";
import { maxPixels } from "../ffmpeg/input-arguments.ts";

type SharpModule = (input: string, options?: SharpOptions) => Sharp;

const message = "the picture's data are damaged";

/**
 * Decodes all of a still or an animation. If it is damaged, a binary search finds the first row or frame that does not
 * decode: libvips reads only the rows that are requested.
 */
export async function decodeStill(
  create: SharpModule,
  input: string,
  format: Format,
  { signal, deadline = 5 * 60_000 }: RunOptions,
): Promise<DecodeError[]> {
  const seconds = Math.ceil(deadline / 1000);
  const animated = format === "gif" || format === "webp";
  const options: SharpOptions = { limitInputPixels: maxPixels, failOn: "warning", sequentialRead: true };
  const decodes = async (image: Sharp): Promise<boolean> => {
    throwIfAborted(signal);
    return await image
      .timeout({ seconds })
      .toBuffer()
      .then(
        () => true,
        () => false,
      );
  };
  try {
    // Statistics read every pixel without storing it.
    await create(input, { ...options, animated })
      .timeout({ seconds })
      .stats();
    return [];
  } catch {
    throwIfAborted(signal);
  }
  const found = await create(input, { ...options, failOn: "none" })
    .metadata()
    .catch(() => null);
  if (!found) return [{ at: null, message }];
  const pixel = (image: Sharp): Sharp => image.resize(1, 1, { fit: "fill" }).raw();
  const frames = animated ? (found.pages ?? 1) : 1;
  if (frames > 1) {
    const first = await firstFailing(frames, (n) =>
      decodes(pixel(create(input, { ...options, page: n - 1, pages: 1 }))),
    );
    return [{ at: null, message, place: placeOf("frame", first, frames) }];
  }
  const first = await firstFailing(found.height, (n) =>
    decodes(pixel(topRows(create(input, options), found, n))),
  );
  return [{ at: null, message, place: placeOf("row", first, found.height) }];
}

function topRows(image: Sharp, { width }: Metadata, height: number): Sharp {
  return image.extract({ left: 0, top: 0, width, height });
}

/**
 * The smallest n from 2 to `count` for which `decodes` is false, if it is true below and false from there on; null where
 * it is false from the beginning, as it is of formats that are read as a whole, or true throughout.
 */
async function firstFailing(count: number, decodes: (n: number) => Promise<boolean>): Promise<number | null> {
  if (!(await decodes(1)) || (await decodes(count))) return null;
  let [good, bad] = [1, count];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (await decodes(middle)) good = middle;
    else bad = middle;
  }
  return bad;
}

function placeOf(unit: "row" | "frame", n: number | null, of: number): DecodeError["place"] {
  return n === null ? null : { unit, n, of };
}
