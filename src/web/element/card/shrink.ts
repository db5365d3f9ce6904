import { nextTask } from "../next-task.ts";

/** Pixels from which on smooth scaling would hold the page's thread for more than 30 ms (Chromium 153, measured). */
const largePicture = 4_000_000;

/**
 * A picture at a smaller size. Decoding happens outside the page's thread, scaling in it: a large picture is first made
 * smaller the quick way, and only then smoothly.
 * @param pixels of the picture
 */
export async function shrink(
  file: File,
  { width, height }: { width: number; height: number },
  pixels: number,
): Promise<ImageBitmap> {
  const smoothly: ImageBitmapOptions = { resizeWidth: width, resizeHeight: height, resizeQuality: "medium" };
  if (pixels <= largePicture) return await createImageBitmap(file, smoothly);
  const larger = await createImageBitmap(file, {
    resizeWidth: width * 2,
    resizeHeight: height * 2,
    resizeQuality: "low",
  });
  try {
    await nextTask();
    return await createImageBitmap(larger, smoothly);
  } finally {
    larger.close();
  }
}
