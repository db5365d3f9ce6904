import type { PictureChange, Size } from "../job.ts";

const hex = (color: string): string => `0x${color.slice(1)}`;

/**
 * Filters for a picture's change, from an upright picture whose shown size is `shown`. The crop is stated in parts of
 * the frame, so that it is also right for pixels that are not square.
 */
export function pictureFilters({ crop, scale, pad }: PictureChange, shown: Size, options = ""): string[] {
  const out: string[] = [];
  if (crop) {
    const part = (value: number, of: number): string => (value / of).toFixed(9);
    out.push(
      `crop=iw*${part(crop.width, shown.width)}:ih*${part(crop.height, shown.height)}:iw*${part(crop.x, shown.width)}:ih*${part(crop.y, shown.height)}`,
    );
  }
  out.push(`scale=${scale.width}:${scale.height}:flags=lanczos${options}`, "setsar=1");
  if (pad) out.push(`pad=${pad.width}:${pad.height}:(ow-iw)/2:(oh-ih)/2:color=${hex(pad.color)}`);
  return out;
}

/** Filters that put a colour behind a picture with transparency. */
export function flattenFilters(color: string): string {
  return `split[fg][bg];[bg]drawbox=c=${hex(color)}@1:replace=1:t=fill[bg];[bg][fg]overlay=format=auto`;
}
