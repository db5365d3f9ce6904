import { imageSize } from "image-size";
import type { LibraryReader } from "./library-reading.ts";

/** A JPEG's frame header may follow a megabyte of metadata: then image-size finds nothing. */
const window = 256 * 1024;

/** image-size 2, for the first bytes of a JPEG, PNG, GIF, WebP or BMP. EXIF orientation is applied to JPEG only. */
export const reader: LibraryReader = async (input) => {
  const { width, height, orientation = 1 } = imageSize(await input.read(0, window));
  if (!(width > 0 && height > 0)) throw new Error("it found no size");
  const swapped = input.format === "jpeg" && orientation >= 5;
  return { size: swapped ? { width: height, height: width } : { width, height } };
};
