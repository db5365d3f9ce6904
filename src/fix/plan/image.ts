import type { ImageEncoding, ImageFormat } from "../../engines/job.ts";
import type { Format } from "../../facts/formats.ts";
import { requireMinimumSize } from "./byte-limits.ts";
import { CannotFix } from "./cannot-error.ts";
import { chooseFraming } from "./framing.ts";
import { embeddedLosses, loss } from "./losses.ts";
import type { Planning } from "./planning.ts";
import type { Draft, FixStep, Loss } from "./types.ts";
import { framingSteps } from "./video-steps.ts";

const writableFormats: readonly ImageFormat[] = ["jpeg", "png", "webp", "tiff", "gif", "bmp"];
const withAlpha: ReadonlySet<string> = new Set(["png", "webp", "tiff", "gif"]);
const withAnimation: ReadonlySet<string> = new Set(["gif", "webp", "png"]);
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

/** Codecs that FFmpeg decodes a still format by. */
const decoders: Readonly<Record<string, readonly string[]>> = {
  jpeg: ["mjpeg"],
  avif: ["av1"],
  jp2: ["jpeg2000"],
  jxl: ["jpegxl"],
  png: ["png", "apng"],
};

/** Steps and job for a still image or an animation. @throws CannotFix */
export function planImage(planning: Planning): Draft {
  const { source, limits, choices, attempt, embedded, engine } = planning;
  const { shown, format, details } = source;
  if (!shown) throw new CannotFix("needs-probe");
  const frames = source.evidence.facts.frames ?? 1;
  const animated = frames > 1 && withAnimation.has(format);
  const sequence = frames > 1 && (format === "heic" || format === "heif" || format === "avif");
  if (sequence) throw new CannotFix("image-sequence");
  const keepsFrames = animated && choices.firstFrame !== true;
  if (keepsFrames && (engine?.animations === false || !limits.allows("frames", frames)))
    throw new CannotFix("animation");
  const alpha = (details?.videos[0]?.alpha ?? false) && choices.background === undefined;
  const encodings = chooseEncodings(planning, keepsFrames, alpha);
  const [first] = encodings;
  if (!first) throw noEncoding(planning, alpha, keepsFrames);
  const framing = chooseFraming(shown, limits, {
    fit: choices.fit ?? "pad",
    step: 1,
    maxPixels: shown.width * shown.height * attempt.pixels + (attempt.pixels < 1 ? 0 : 2 ** 40),
  });
  if (!framing) throw new CannotFix("no-size");
  requireMinimumSize(planning);
  const size = limits.interval("size").high;
  const maxBytes = Number.isFinite(size) ? Math.floor(size * 0.99) : Number.MAX_SAFE_INTEGER;
  const bits = details?.videos[0]?.bitDepth ?? 8;
  const depth = bits > 8 ? 16 : 8;
  const keptBits =
    depth === 16 && engine?.stillBitDepth !== 8 && (first.format === "png" || first.format === "tiff")
      ? 16
      : 8;
  const color = choices.padColor ?? "#000000";
  const pad =
    framing.canvas.width !== framing.scaled.width || framing.canvas.height !== framing.scaled.height;
  const steps: FixStep[] = [];
  if (first.format !== format) steps.push({ kind: "convert", from: format, to: first.format });
  if (source.rotation !== 0) steps.push({ kind: "rotate", degrees: source.rotation });
  steps.push(...framingSteps(framing, shown, color));
  if (source.bytes > maxBytes) steps.push({ kind: "reduce-size", bytes: maxBytes });
  if (steps.length === 0) steps.push({ kind: "convert", from: format, to: first.format });
  const losses: Loss[] = [
    ...embeddedLosses(embedded, true, engine?.keepsMetadata !== false),
    ...(bits > keptBits ? [loss("bit-depth", `${bits} → ${keptBits}`)] : []),
    ...(details?.videos[0]?.cmyk ? [loss("color", "CMYK → RGB")] : []),
    ...(first.format === "gif" && format !== "gif" ? [loss("color", "256 colors")] : []),
    ...(animated && !keepsFrames ? [loss("animation", `${frames} → 1`)] : []),
    ...(details?.videos[0]?.alpha && choices.background !== undefined ? [loss("alpha")] : []),
    ...(details && details.pages > 1 ? [loss("pages", `${details.pages} → 1`)] : []),
  ];
  return {
    steps,
    losses,
    lossless: false,
    target: {
      format: first.format,
      bytes: maxBytes === Number.MAX_SAFE_INTEGER ? source.bytes * 4 : maxBytes,
      width: framing.canvas.width,
      height: framing.canvas.height,
      codedWidth: framing.canvas.width,
      codedHeight: framing.canvas.height,
      rotation: 0,
      pixelAspectRatio: 1,
      frames: keepsFrames ? frames : 1,
      truncated: false,
    },
    job: {
      kind: "image",
      shown,
      from: format,
      picture: {
        crop: framing.crop,
        scale: framing.scaled,
        pad: pad ? { ...framing.canvas, color } : null,
        background: choices.background ?? null,
      },
      encodings,
      maxBytes: Math.floor(Math.min(maxBytes * attempt.bytes, 2 ** 40)),
      animated: keepsFrames,
      bitDepth: depth,
      orientation: exifRotates(format) ? (embedded?.orientation ?? 1) : 1,
      decoders: [...(decoders[format] ?? [format])],
    },
  };
}

/** Why no format is usable; if only the chosen one is not, with those that are. */
function noEncoding(planning: Planning, alpha: boolean, animated: boolean): CannotFix {
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

/** Whether EXIF orientation rotates pictures of a format; in browsers not those of WebP, and HEIC has boxes for it. */
function exifRotates(format: Format): boolean {
  return format === "jpeg" || format === "png" || format === "tiff";
}

/** Ways to write the picture, the one that loses least first. */
function chooseEncodings(
  { source, limits, choices, embedded }: Planning,
  animated: boolean,
  alpha: boolean,
): ImageEncoding[] {
  const isUsable = (format: ImageFormat): boolean =>
    limits.allows("format", format) &&
    (!alpha || withAlpha.has(format)) &&
    (!animated || withAnimation.has(format)) &&
    (choices.to === undefined || choices.to === format || (choices.to === "jpg" && format === "jpeg"));
  const own = writableFormats.find((format) => format === source.format);
  const fromLossy = lossy.has(source.format) && !(source.format === "webp" && embedded?.lossless);
  const exact = (format: ImageFormat): ImageEncoding[] => [{ format, quality: null }];
  const graded = (format: ImageFormat): ImageEncoding[] => qualities.map((quality) => ({ format, quality }));
  const encodingsOf = (format: ImageFormat): ImageEncoding[] =>
    format === "jpeg"
      ? graded(format)
      : format === "webp"
        ? fromLossy
          ? graded(format)
          : [...exact(format), ...graded(format)]
        : exact(format);
  // A still GIF has 256 colours; scaling it needs more.
  const ownFormat = own && !(own === "gif" && !animated) ? [own] : [];
  const order: ImageFormat[] = animated
    ? [...ownFormat, "webp", "gif", "png"]
    : fromLossy
      ? [...ownFormat, "jpeg", "webp", "png", "tiff", "bmp", "gif"]
      : [...ownFormat, "png", "jpeg", "webp", "tiff", "bmp", "gif"];
  return [...new Set(order)].filter(isUsable).flatMap(encodingsOf);
}
