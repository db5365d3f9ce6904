import { limit } from "../../../async/limit.ts";
import type { Facts } from "../../../facts/facts.ts";
import { nextTask } from "../next-task.ts";
import { shrink } from "./shrink.ts";

/** Pixels of the shorter side. */
const side = 192;
/** Larger pictures have no preview: decoded, each pixel takes four bytes. */
const maxPixels = 40_000_000;
/** Milliseconds to wait for a video's frame. */
const deadline = 5000;
const decodable = new Set(["jpeg", "png", "webp", "gif", "bmp", "avif", "mp4", "mov", "webm"]);

const oneByOne = limit(1);
/** Whether the page's policy was seen to forbid blob: URLs for media. */
let postersForbidden = false;

const playable = new Set(["mp4", "mov", "webm", "mp3", "wav"]);

/** Whether the browser may be able to play a file although it shows no picture. */
export const isPlayable = ({ format, mime }: Facts): boolean =>
  !postersForbidden && mime?.startsWith("audio/") === true && playable.has(format ?? "");

/**
 * A small picture of the file, or null where the browser cannot make one. Decoding happens outside the page's thread; no
 * blob: URL outlives this call.
 */
export const previewOf = (file: File, facts: Facts): Promise<HTMLCanvasElement | null> =>
  oneByOne(async () => {
    await nextTask();
    const { format, width, height, pixels } = facts;
    if (!format || !decodable.has(format) || !width || !height || (pixels ?? 0) > maxPixels) return null;
    const scale = Math.min(1, side / Math.min(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    try {
      if (facts.mime?.startsWith("video/")) return await poster(file, canvas);
      const bitmap = await shrink(file, canvas, pixels ?? 0);
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
      video.onerror = () => reject(new Error("it cannot be decoded"));
      video.onloadedmetadata = () => {
        // The first frame is often black.
        video.currentTime = Math.min(1, (video.duration || 0) / 4);
      };
      setTimeout(() => reject(new Error("no frame in time")), deadline);
    });
    video.muted = true;
    video.preload = "auto";
    video.src = url;
    await frame;
    // Straight into the small canvas: an ImageBitmap would first be made of the whole frame, in this thread.
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
