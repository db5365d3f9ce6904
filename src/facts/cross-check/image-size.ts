import { imageSize } from "image-size";
import type { CrossCheckLibrary } from "./library-reading.ts";

/** A JPEG's frame header may lie behind a megabyte of metadata: then this cross-check library says nothing. */
const window = 256 * 1024;

/** image-size 2 over the head of a JPEG, PNG, GIF, WebP or BMP. Its EXIF orientation is applied for JPEG only. */
export const crossCheck: CrossCheckLibrary = async (question) => {
  const { width, height, orientation = 1 } = imageSize(await question.read(0, window));
  if (!(width > 0 && height > 0)) throw new Error("it found no size");
  const turned = question.format === "jpeg" && orientation >= 5;
  return { size: turned ? { width: height, height: width } : { width, height } };
};
