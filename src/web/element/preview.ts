import type { Facts } from "../../facts/evidence.ts";
import { turns } from "./check-queue.ts";

const side = 128;
/** What a picture unpacks to in memory is its pixels times four. */
const mostPixels = 40_000_000;
const patience = 5000;
const shown = new Set(["jpeg", "png", "webp", "gif", "bmp", "avif", "mp4", "mov", "webm"]);

const oneByOne = turns(1);
/** A page may forbid blob: addresses for media; asked once, it is not asked again. */
let postersForbidden = false;

/**
 * A small picture of the file, or null where the browser has none to give. Decoding happens beside the page's thread;
 * no address of the file outlives this call.
 */
export const previewOf = (file: File, facts: Facts): Promise<HTMLCanvasElement | null> =>
  oneByOne(async () => {
    const { format, width, height, pixels } = facts;
    if (!format || !shown.has(format) || !width || !height || (pixels ?? 0) > mostPixels) return null;
    const scale = Math.min(1, side / Math.min(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    try {
      if (facts.mime?.startsWith("video/")) return await poster(file, canvas);
      const bitmap = await createImageBitmap(file, {
        resizeQuality: "medium",
        resizeWidth: canvas.width,
        resizeHeight: canvas.height,
      });
      canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
      return canvas;
    } catch {
      return null;
    }
  });

async function poster(file: File, canvas: HTMLCanvasElement): Promise<HTMLCanvasElement | null> {
  if (postersForbidden) return null;
  const url = URL.createObjectURL(file);
  const video = document.createElement("video");
  const forbidden = ({ blockedURI }: SecurityPolicyViolationEvent): void => {
    if (blockedURI === "blob") postersForbidden = true;
  };
  document.addEventListener("securitypolicyviolation", forbidden);
  try {
    const frame = new Promise<void>((resolve, reject) => {
      video.onseeked = () => resolve();
      video.onerror = () => reject(new Error("it does not decode"));
      video.onloadedmetadata = () => {
        // The first picture is often black.
        video.currentTime = Math.min(1, (video.duration || 0) / 4);
      };
      setTimeout(reject, patience);
    });
    video.muted = true;
    video.preload = "auto";
    video.src = url;
    await frame;
    // Straight into the small canvas: an ImageBitmap would be made of the whole frame first, in this thread.
    const context = canvas.getContext("2d", { alpha: false });
    if (context) context.imageSmoothingQuality = "low";
    context?.drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas;
  } finally {
    document.removeEventListener("securitypolicyviolation", forbidden);
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(url);
  }
}
