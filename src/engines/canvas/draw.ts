import { MediaPreflightError } from "../../errors.ts";
import type { ImageJob, Rect } from "../job.ts";

/** Draws a picture as its job says: upright, cropped, scaled, padded. Only the scaled picture is kept in memory. */
export async function drawPicture({ picture, shown }: ImageJob, blob: Blob): Promise<OffscreenCanvas> {
  const { crop, scale, pad, background } = picture;
  const bitmap = await scaled(blob, crop, scale);
  try {
    const size = pad ?? scale;
    const canvas = new OffscreenCanvas(size.width, size.height);
    const context = canvas.getContext("2d");
    if (!context)
      throw new MediaPreflightError("engine-failed", `${size.width}×${size.height} is too large to draw`);
    if (pad) fill(context, pad.color);
    const left = pad ? Math.floor((pad.width - scale.width) / 2) : 0;
    const top = pad ? Math.floor((pad.height - scale.height) / 2) : 0;
    if (background !== null) {
      context.fillStyle = background;
      context.fillRect(left, top, scale.width, scale.height);
    } else if (pad) context.clearRect(left, top, scale.width, scale.height);
    context.drawImage(bitmap, left, top, scale.width, scale.height);
    return canvas;
  } catch (cause) {
    if (cause instanceof MediaPreflightError) throw cause;
    throw new MediaPreflightError(
      "engine-failed",
      `a picture of ${shown.width}×${shown.height} cannot be drawn`,
      {
        cause,
      },
    );
  } finally {
    bitmap.close();
  }
}

/** Decodes a picture upright by its EXIF orientation, and scales it while decoding. */
async function scaled(
  blob: Blob,
  crop: Rect | null,
  { width, height }: ImageJob["picture"]["scale"],
): Promise<ImageBitmap> {
  const options: ImageBitmapOptions = {
    imageOrientation: "from-image",
    resizeWidth: width,
    resizeHeight: height,
    resizeQuality: "high",
  };
  return crop
    ? await createImageBitmap(blob, crop.x, crop.y, crop.width, crop.height, options)
    : await createImageBitmap(blob, options);
}

function fill(context: OffscreenCanvasRenderingContext2D, color: string): void {
  context.fillStyle = color;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}
