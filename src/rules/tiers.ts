import { type Limit, violatedOperator } from "./limit.ts";

/** Named output sizes: "720p" → [[1280, 720], …]. Transposes have the same number of pixels. */
export type Tiers = Readonly<Record<string, readonly (readonly [number, number])[]>>;

/**
 * The tier whose size is nearest by pixel count; null outside the documented pixel limits, where a size has no tier.
 * The upstream service's tiers are its output sizes, and the pixel limits span exactly these (ByteDance Ark, read
 * 2026-11).
 */
export function tierOf(pixels: number, tiers: Tiers, window: Limit | null): string | null {
  if (window && violatedOperator(window, pixels) !== null) return null;
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const tier in tiers)
    for (const [width, height] of tiers[tier] ?? []) {
      const distance = Math.abs(width * height - pixels);
      if (distance < least) [best, least] = [tier, distance];
    }
  return best;
}
