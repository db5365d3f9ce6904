import type { View } from "../cursor.ts";

/** Width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

/**
 * The part of a picture that a clap box keeps, rounded to whole pixels inside it (ISO/IEC 14496-12 §12.1.4); null where the
 * box is too short or leaves nothing.
 */
export function cleanAperture(size: Size, clap: View): Size | null {
  if (clap.byteLength < 32) return null;
  const fraction = (i: number): number => clap.getInt32(i * 8) / clap.getInt32(i * 8 + 4);
  const width = croppedLength(size.width, fraction(0), fraction(2));
  const height = croppedLength(size.height, fraction(1), fraction(3));
  return width > 0 && height > 0 ? { width, height } : null;
}

function croppedLength(full: number, aperture: number, offset: number): number {
  const first = Math.floor(offset + (full - aperture) / 2);
  const last = first + Math.round(aperture);
  return Math.min(last, full) - Math.max(first, 0);
}
