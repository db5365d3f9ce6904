import { type Limit, violatedOperator } from "./limit.ts";

/** A picture size that satisfies a table, and whether the aspect ratio has to change for it. */
export interface Target {
  width: number;
  height: number;
  /** The aspect ratio is outside its limit: cropping or padding is needed, not only scaling. */
  reshape: boolean;
}

/** The documented limits of a picture's size. */
export interface SizeLimits {
  width?: Limit | undefined;
  height?: Limit | undefined;
  aspectRatio?: Limit | undefined;
  pixels?: Limit | undefined;
}

const low = (limit: Limit | undefined, open: number): number => limit?.min ?? (limit?.above ?? -open) + open;
const high = (limit: Limit | undefined, open: number): number =>
  limit?.max ?? (limit?.below ?? Number.POSITIVE_INFINITY) - open;

/**
 * The nearest size with even sides that satisfies all limits and keeps the aspect ratio if possible. The exact ratio
 * is preferred if it changes the size by under three per cent. Null if no size satisfies the limits.
 */
export function targetSize(width: number, height: number, limits: SizeLimits): Target | null {
  if (!(width > 0 && height > 0)) return null;
  const shape = width / height;
  const ratio = Math.min(Math.max(shape, low(limits.aspectRatio, 0.01)), high(limits.aspectRatio, 0.01));
  const reshape = ratio !== shape;
  // If the ratio is outside its limit, crop the longer side.
  const [w, h] = reshape
    ? ratio < shape
      ? [height * ratio, height]
      : [width, width / ratio]
    : [width, height];
  const least = Math.max(
    low(limits.width, 1) / w,
    low(limits.height, 1) / h,
    Math.sqrt(low(limits.pixels, 1) / (w * h)),
  );
  const most = Math.min(
    high(limits.width, 1) / w,
    high(limits.height, 1) / h,
    Math.sqrt(high(limits.pixels, 1) / (w * h)),
  );
  if (!(least <= most)) return null;
  const scale = Math.min(Math.max(1, least), most);
  const fits = (tw: number, th: number): boolean =>
    tw > 0 &&
    th > 0 &&
    violatedOperator(limits.width ?? {}, tw) === null &&
    violatedOperator(limits.height ?? {}, th) === null &&
    violatedOperator(limits.pixels ?? {}, tw * th) === null &&
    violatedOperator(limits.aspectRatio ?? {}, tw / th) === null;
  const exact = reshape ? null : exactSize(width, height, scale);
  if (exact && fits(exact[0], exact[1])) return { width: exact[0], height: exact[1], reshape };
  const even = (side: number): number => 2 * Math.round(side / 2);
  let best: Target | null = null;
  let error = Number.POSITIVE_INFINITY;
  for (let step = -4; step <= 4; step++)
    for (let tilt = -2; tilt <= 2; tilt++) {
      const tw = even(w * scale) + 2 * step;
      const th = even(tw / ratio) + 2 * tilt;
      const deviation = Math.abs(tw / th / ratio - 1) * 4 + Math.abs(tw / (w * scale) - 1);
      if (deviation < error && fits(tw, th)) [best, error] = [{ width: tw, height: th, reshape }, deviation];
    }
  return best;
}

/** The multiple of the reduced ratio that is closest to `scale` and has even sides, rounded towards the allowed side. */
function exactSize(width: number, height: number, scale: number): [number, number] | null {
  let [a, b] = [Math.round(width), Math.round(height)];
  for (let i = 0; b !== 0 && i < 64; i++) [a, b] = [b, a % b];
  const [rw, rh] = [Math.round(width) / a, Math.round(height) / a];
  const unit = rw % 2 === 0 && rh % 2 === 0 ? 1 : 2;
  const ideal = (width * scale) / (rw * unit);
  const times = scale < 1 ? Math.floor(ideal + 1e-9) : Math.ceil(ideal - 1e-9);
  if (times < 1 || Math.abs(times / ideal - 1) > 0.03) return null;
  return [rw * unit * times, rh * unit * times];
}
