import type { Rect, Size } from "../../engines/job.ts";
import { targetSize } from "../../rules/target.ts";
import { tierOf } from "../../rules/tiers.ts";
import type { Interval, Limits } from "./limits.ts";

/** The picture after the fix: the source, or a part of it, scaled, and padded if the canvas is larger. */
export interface Framing {
  /** Size of the output. */
  canvas: Size;
  /** Size of the scaled picture on it. */
  scaled: Size;
  /** Part of the source that is kept; null: all. */
  crop: Rect | null;
}

export interface FramingOptions {
  fit: "pad" | "crop";
  /** Sides are multiples of it: 2 for video with half-resolution colour. */
  step: 1 | 2;
  /** At most this many pixels. */
  maxPixels: number;
}

/** The largest side of encoders: 16,384 px (H.264 level 6.2; WebP 16,383). */
const maxSide = 16_382;
/** Relative difference of shape that rounding to whole pixels causes. */
const shapeTolerance = 0.004;

/** The framing nearest to the source that every limit allows; null if there is none. */
export function chooseFraming(shown: Size, limits: Limits, options: FramingOptions): Framing | null {
  const allowed = allowedSize(limits, options);
  const scaledTo = (size: Size): Framing => ({ canvas: size, scaled: size, crop: null });
  if (allowed(shown.width, shown.height)) return scaledTo(shown);
  const same = sameShape(shown, limits, options, allowed);
  if (same) return scaledTo(same);
  const canvas = otherShape(shown, limits, options, allowed);
  if (!canvas) return null;
  return options.fit === "crop"
    ? framingWithCrop(shown, canvas)
    : framingWithPadding(shown, canvas, options.step);
}

type Allowed = (width: number, height: number) => boolean;

function allowedSize(limits: Limits, { step, maxPixels }: FramingOptions): Allowed {
  const { tiers } = limits;
  const isAllowedTier = (pixels: number): boolean => {
    if (!tiers) return true;
    const tier = tierOf(pixels, tiers.tiers, tiers.window);
    return tier === null || limits.allows("resolution", tier);
  };
  return (width, height) =>
    width >= step &&
    height >= step &&
    width <= maxSide &&
    height <= maxSide &&
    width % step === 0 &&
    height % step === 0 &&
    width * height <= maxPixels &&
    limits.allows("width", width) &&
    limits.allows("height", height) &&
    limits.allows("pixels", width * height) &&
    limits.allows("aspectRatio", width / height) &&
    isAllowedTier(width * height);
}

/** The size that hints propose if it passes under every reading, else the nearest one of the same shape. */
function sameShape(shown: Size, limits: Limits, options: FramingOptions, allowed: Allowed): Size | null {
  const shape = shown.width / shown.height;
  const bounds = (property: "width" | "height" | "aspectRatio" | "pixels") => {
    const { low, high } = limits.interval(property);
    return { min: low, ...(Number.isFinite(high) ? { max: high } : {}) };
  };
  const hinted = targetSize(shown.width, shown.height, {
    width: bounds("width"),
    height: bounds("height"),
    aspectRatio: bounds("aspectRatio"),
    pixels: { ...bounds("pixels"), max: Math.min(limits.interval("pixels").high, options.maxPixels) },
  });
  const keepsShape = (w: number, h: number): boolean => Math.abs(w / h / shape - 1) <= shapeTolerance;
  // Hints name even sides; a still image may come nearer to its shape.
  if (
    options.step === 2 &&
    hinted &&
    keepsShape(hinted.width, hinted.height) &&
    allowed(hinted.width, hinted.height)
  )
    return { width: hinted.width, height: hinted.height };
  const [across, down] = sideSteps(limits, options.step);
  let best: Size | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const width of multiplesWithin(widthsOfShape(shape, limits, options), across)) {
    const middle = Math.round(width / shape / down) * down;
    for (const height of [middle - down, middle, middle + down]) {
      if (!keepsShape(width, height)) continue;
      // An exact shape is worth three per cent of size.
      const exact = Math.abs(width / height / shape - 1) < 1e-9 ? 0.03 : 0;
      const cost = Math.abs(Math.log(width / shown.width)) + 4 * Math.abs(width / height / shape - 1) - exact;
      if (cost < least && allowed(width, height)) [best, least] = [{ width, height }, cost];
    }
  }
  return best;
}

/** The canvas of another shape that changes the picture least: its shape first, then its size. */
function otherShape(shown: Size, limits: Limits, options: FramingOptions, allowed: Allowed): Size | null {
  const shape = shown.width / shown.height;
  const [across, down] = sideSteps(limits, options.step);
  const { low, high } = heights(limits);
  let best: Size | null = null;
  let least = Number.POSITIVE_INFINITY;
  const targetShape = nearestShape(shape, limits);
  const listedHeights = (limits.listed("height") ?? []).map(Number);
  // On a canvas with one of the source's own sides the picture need not be resampled.
  const own = [shown.width, shown.height * targetShape];
  for (const width of sampled(widths(limits), across, own)) {
    const middle = Math.round(width / targetShape / down) * down;
    const near = [-2, -1, 0, 1, 2].map((n) => middle + n * down);
    const bounds = [Math.ceil(low / down) * down, Math.min(Math.floor(high / down) * down, maxSide)];
    for (const height of [...near, ...bounds, ...listedHeights, shown.height]) {
      if (!allowed(width, height)) continue;
      const ratio = width / height;
      // The scale of the picture on the canvas.
      const scale =
        options.fit === "crop"
          ? Math.max(width / shown.width, height / shown.height)
          : Math.min(width / shown.width, height / shown.height);
      const resampled = Math.abs(scale - 1) < 1e-9 ? 0 : 0.05;
      const cost = 4 * Math.abs(Math.log(ratio / shape)) + Math.abs(Math.log(scale)) + resampled;
      if (cost < least) [best, least] = [{ width, height }, cost];
    }
  }
  return best;
}

/** The allowed aspect ratio nearest to the source's, a little inside its bounds. */
function nearestShape(shape: number, limits: Limits): number {
  const { low, high } = limits.interval("aspectRatio");
  const clamped = Math.min(Math.max(shape, low * 1.002), high * 0.998);
  const listed = [
    ...limits.ratios("aspectRatio"),
    ...(limits.listed("aspectRatio") ?? []).map(Number),
  ].filter((ratio) => ratio > 0 && limits.allows("aspectRatio", ratio));
  const distance = (ratio: number): number => Math.abs(Math.log(ratio / shape));
  return listed.sort((a, b) => distance(a) - distance(b))[0] ?? (clamped > 0 ? clamped : shape);
}

function widths(limits: Limits): Interval & { listed: readonly number[] | null } {
  return { ...limits.interval("width"), listed: limits.listed("width")?.map(Number) ?? null };
}

/** Widths at which a picture of this shape can satisfy the bounds of height and pixels as well. */
function widthsOfShape(
  shape: number,
  limits: Limits,
  { maxPixels }: FramingOptions,
): ReturnType<typeof widths> {
  const { low, high, listed } = widths(limits);
  const [tall, area] = [limits.interval("height"), limits.interval("pixels")];
  const most = Math.min(tall.high * shape, Math.sqrt(Math.min(area.high, maxPixels) * shape));
  const least = Math.max(tall.low * shape, Math.sqrt(area.low * shape));
  // A little more, for shapes that are rounded.
  return { low: Math.max(low, least * 0.98 - 2), high: Math.min(high, most * 1.02 + 2), listed };
}

/** Widths to try for another shape: a few thousand, with the bounds and those nearest to `own`. */
function* sampled(range: ReturnType<typeof widths>, step: number, own: readonly number[]): Generator<number> {
  const { low, high, listed } = range;
  if (listed) return yield* listed;
  const most = Math.min(high, maxSide);
  const stride = Math.max(Math.ceil((most - low) / step / 2000), 1) * step;
  yield* multiplesWithin(range, stride);
  const near = own.flatMap((width) => [Math.floor(width / step) * step, Math.ceil(width / step) * step]);
  const edges = [Math.ceil(low / step) * step, Math.floor(most / step) * step, ...near];
  for (const width of edges) if (width >= Math.max(low, 1) && width <= most) yield width;
}

function heights(limits: Limits): Interval {
  return limits.interval("height");
}

function* multiplesWithin(
  { low, high, listed }: Interval & { listed: readonly number[] | null },
  step: number,
): Generator<number> {
  if (listed) yield* listed;
  else
    for (let n = Math.max(Math.ceil(low / step), 1) * step; n <= Math.min(high, maxSide); n += step) yield n;
}

/** Steps of width and height that satisfy `multipleOf` rows as well. */
function sideSteps(limits: Limits, step: number): [number, number] {
  const of = (property: "width" | "height"): number =>
    limits
      .multiples(property)
      .filter((n) => Number.isInteger(n) && n > 0)
      .reduce((all, n) => (all * n) / gcd(all, n), step);
  return [of("width"), of("height")];
}

function gcd(a: number, b: number): number {
  while (b) [a, b] = [b, a % b];
  return a;
}

function framingWithPadding(shown: Size, canvas: Size, step: number): Framing {
  const scale = Math.min(canvas.width / shown.width, canvas.height / shown.height);
  const side = (value: number, most: number): number =>
    Math.min(Math.max(Math.round((value * scale) / step) * step, step), most);
  return {
    canvas,
    scaled: { width: side(shown.width, canvas.width), height: side(shown.height, canvas.height) },
    crop: null,
  };
}

function framingWithCrop(shown: Size, canvas: Size): Framing {
  const scale = Math.min(shown.width / canvas.width, shown.height / canvas.height);
  const width = Math.min(Math.round(canvas.width * scale), shown.width);
  const height = Math.min(Math.round(canvas.height * scale), shown.height);
  const crop = {
    width,
    height,
    x: Math.floor((shown.width - width) / 2),
    y: Math.floor((shown.height - height) / 2),
  };
  return { canvas, scaled: canvas, crop };
}
