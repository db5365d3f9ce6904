import { MediaPreflightError } from "../../errors.ts";
import type { Format } from "../../facts/formats.ts";
import type { MediaDetails, VideoTrackDetails } from "../media-details.ts";

/** Formats that may be transparent. */
const alphaFormats: ReadonlySet<Format> = new Set(["png", "webp", "gif", "avif", "tiff"]);
/** Pixels that are checked for transparency at a time: 16 MB of RGBA. */
const stripPixels = 4 * 2 ** 20;

/** A picture's size as shown and whether any of it is transparent. */
export async function probePicture(blob: Blob, format: Format): Promise<MediaDetails> {
  // Decoding a large JPEG takes a second and four bytes a pixel, and shows nothing that its header does not state.
  if (format === "jpeg") return stillDetails(format, { width: 0, height: 0, bitDepth: 8, alpha: false });
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch (cause) {
    throw new MediaPreflightError("engine-failed", `this browser does not decode ${format.toUpperCase()}`, {
      cause,
    });
  }
  try {
    const { width, height } = bitmap;
    return stillDetails(format, {
      width,
      height,
      bitDepth: await bitDepthOf(blob, format),
      alpha: alphaFormats.has(format) && isTransparent(bitmap),
    });
  } finally {
    bitmap.close();
  }
}

/** @param found size in pixels, 0 where only the header was read */
function stillDetails(
  format: Format,
  found: Pick<VideoTrackDetails, "width" | "height" | "bitDepth" | "alpha">,
): MediaDetails {
  const picture: VideoTrackDetails = {
    ...found,
    track: 0,
    codec: format,
    pixelAspectRatio: 1,
    rotation: 0,
    frameRate: null,
    nominalFrameRate: null,
    duration: null,
    transfer: "sdr",
    color: { matrix: null, primaries: null, transfer: null, fullRange: true },
    rgb: true,
    interlaced: false,
    cover: false,
  };
  return {
    videos: [picture],
    audios: [],
    others: [],
    chapters: 0,
    duration: null,
    location: false,
    pages: 1,
  };
}

/** PNG states its bits per sample after the size (PNG 3rd edition, 11.2.1); other formats are read as 8. */
async function bitDepthOf(blob: Blob, format: Format): Promise<number> {
  if (format !== "png") return 8;
  const [depth] = new Uint8Array(await blob.slice(24, 25).arrayBuffer());
  return depth === 16 ? 16 : 8;
}

function isTransparent(bitmap: ImageBitmap): boolean {
  const rows = Math.max(1, Math.floor(stripPixels / bitmap.width));
  const canvas = new OffscreenCanvas(bitmap.width, Math.min(rows, bitmap.height));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return true;
  for (let top = 0; top < bitmap.height; top += rows) {
    const height = Math.min(rows, bitmap.height - top);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, top, bitmap.width, height, 0, 0, bitmap.width, height);
    const { data } = context.getImageData(0, 0, bitmap.width, height);
    for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return true;
  }
  return false;
}
