import { MediaPreflightError } from "../../errors.ts";
import { formats } from "../../facts/formats.ts";
import type { BlobEngine, WrittenBlob } from "../blob-engine.ts";
import { withBrowserErrors } from "../browser-errors.ts";
import type { ImageJob } from "../job.ts";
import { drawPicture } from "./draw.ts";
import { probePicture } from "./probe.ts";

/** Formats that canvases write. A browser without one of them writes PNG instead: the type of the Blob shows it. */
const writable: ReadonlySet<string> = new Set(["jpeg", "png", "webp"]);

/** Converts still images with the browser's own decoders, on a canvas outside the page. Meant for a Worker. */
export const canvasEngine: BlobEngine = {
  probe: (blob, format) =>
    withBrowserErrors("this browser does not decode it", () => probePicture(blob, format)),
  async run(job, blob, options = {}) {
    if (job.kind !== "image")
      throw new MediaPreflightError("engine-failed", "a canvas reads still images only");
    return await withBrowserErrors("this browser does not decode it", async () => {
      const canvas = await drawPicture(job, blob);
      options.onProgress?.(0.5);
      const written = await firstThatFits(job, canvas);
      options.onProgress?.(1);
      return written;
    });
  },
};

/** Writes the picture by each encoding in turn until one is small enough. */
async function firstThatFits(
  { encodings, maxBytes }: ImageJob,
  canvas: OffscreenCanvas,
): Promise<WrittenBlob> {
  let anyWritten = false;
  for (const { format, quality } of encodings) {
    if (!writable.has(format)) continue;
    const type = formats[format].mime;
    // At quality 1 canvases write lossless WebP (Chromium).
    const blob = await canvas.convertToBlob({ type, quality: quality === null ? 1 : quality / 100 });
    if (blob.type !== type) continue;
    anyWritten = true;
    if (blob.size <= maxBytes) return { format, quality, output: blob };
  }
  if (!anyWritten)
    throw new MediaPreflightError("no-engine", `this browser does not write ${encodings[0]?.format}`);
  throw new MediaPreflightError("engine-failed", `no encoding stays within ${maxBytes} bytes`, {
    retryable: true,
  });
}
