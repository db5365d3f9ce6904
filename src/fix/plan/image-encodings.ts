import type { ImageEncoding, ImageFormat } from "../../engines/job.ts";
import { CannotFix } from "./cannot-error.ts";
import type { Planning } from "./planning.ts";

const writableFormats: readonly ImageFormat[] = ["jpeg", "png", "webp", "tiff", "gif", "bmp"];
const withAlpha: ReadonlySet<string> = new Set(["png", "webp", "tiff", "gif"]);
/** Formats that can have several frames. */
export const withAnimation: ReadonlySet<string> = new Set(["gif", "webp", "png"]);
/** Formats whose pictures are coded with loss. */
const lossy: ReadonlySet<string> = new Set([
  "jpeg",
  "webp",
  "heic",
  "heif",
  "avif",
  "jp2",
  "jxl",
  "jxr",
  "bpg",
]);
/** Tried in this order until the picture is small enough. */
const qualities = [95, 90, 84, 76, 66, 55];

/** Why no format is usable; if only the chosen one is not, with those that are. */
export function noEncoding(planning: Planning, alpha: boolean, animated: boolean): CannotFix {
  if (alpha || animated) return new CannotFix(alpha ? "alpha" : "animation");
  const others = chooseEncodings(
    { ...planning, choices: { ...planning.choices, to: undefined } },
    animated,
    alpha,
  );
  return new CannotFix(
    "no-format",
    [...new Set(others.map(({ format }) => format))].sort().join(", ") || null,
  );
}

/** Ways to write the picture, the one that loses least first. */
export function chooseEncodings(
  { source, limits, choices, embedded, engine }: Planning,
  animated: boolean,
  alpha: boolean,
): ImageEncoding[] {
  const isUsable = (format: ImageFormat): boolean =>
    limits.allows("format", format) &&
    (!alpha || withAlpha.has(format)) &&
    (!animated || (engine ? engine.animations.includes(format) : withAnimation.has(format))) &&
    (choices.to === undefined || choices.to === format || (choices.to === "jpg" && format === "jpeg"));
  const own = writableFormats.find((format) => format === source.format);
  const fromLossy = lossy.has(source.format) && !(source.format === "webp" && embedded?.lossless);
  const exact = (format: ImageFormat): ImageEncoding[] => [{ format, quality: null }];
  const graded = (format: ImageFormat): ImageEncoding[] => qualities.map((quality) => ({ format, quality }));
  const encodingsOf = (format: ImageFormat): ImageEncoding[] => {
    if (format === "jpeg" || (format === "webp" && fromLossy)) return graded(format);
    return format === "webp" ? [...exact(format), ...graded(format)] : exact(format);
  };
  // A still GIF has 256 colours; scaling it needs more.
  const ownFormat = own && !(own === "gif" && !animated) ? [own] : [];
  const order: ImageFormat[] = animated
    ? [...ownFormat, "webp", "gif", "png"]
    : fromLossy
      ? [...ownFormat, "jpeg", "webp", "png", "tiff", "bmp", "gif"]
      : [...ownFormat, "png", "jpeg", "webp", "tiff", "bmp", "gif"];
  return [...new Set(order)].filter(isUsable).flatMap(encodingsOf);
}
