import type { Format, Kind } from "../facts/formats.ts";
import type { Size } from "./job.ts";

/** Picture formats of thumbnails, which every browser shows. */
export type ThumbnailFormat = "webp" | "jpeg";

/** A small picture to make: of a still's first picture, of a video's frame, or of an audio file's waveform. */
export interface ThumbnailJob {
  kind: Kind;
  from: Format;
  /** The largest size of the thumbnail, which keeps the shape of the picture. */
  box: Size;
  /** The displayed size of the source, or null if it is not known. */
  shown: Size | null;
  /** Clockwise rotation for display, in degrees; stills only. */
  rotation: 0 | 90 | 180 | 270;
  /** Seconds into a video. */
  at: number;
  /** 1 – 100 */
  quality: number;
}

/** The largest size in `box` with the shape of `shown`, never larger than it; null if that is not known. */
export function fitWithin(shown: Size | null, box: Size): Size | null {
  if (!shown || !(shown.width >= 1) || !(shown.height >= 1)) return null;
  const factor = Math.min(box.width / shown.width, box.height / shown.height, 1);
  const side = (length: number): number => Math.max(1, Math.round(length * factor));
  return { width: side(shown.width), height: side(shown.height) };
}
