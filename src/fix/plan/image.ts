import type { ImageJob } from "../../engines/job.ts";
import type { VideoTrackDetails } from "../../engines/media-details.ts";
import type { Format } from "../../facts/formats.ts";
import { requireMinimumSize } from "./byte-limits.ts";
import { CannotFix } from "./cannot-error.ts";
import { chooseFraming } from "./framing.ts";
import { chooseEncodings, noEncoding, withAnimation } from "./image-encodings.ts";
import { embeddedLosses, loss } from "./losses.ts";
import type { Planning } from "./planning.ts";
import type { Draft, FixStep, Loss } from "./types.ts";
import { isHdrOrWideGamut } from "./video-encoding.ts";
import { framingSteps } from "./video-steps.ts";

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
  if (keepsFrames && (engine?.animations.length === 0 || !limits.allows("frames", frames)))
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
  return {
    steps,
    losses: imageLosses(planning, { format: first.format, bits, keptBits, keepsFrames }),
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
      toSrgb: convertedColors(planning),
      animated: keepsFrames,
      bitDepth: depth,
      orientation: exifRotates(format) ? (embedded?.orientation ?? 1) : 1,
      decoders: [...(decoders[format] ?? [format])],
    },
  };
}

/** Colors that no profile of the copy can state. @throws CannotFix where the engine does not convert them */
function convertedColors({ source, engine }: Planning): ImageJob["toSrgb"] {
  const video = source.details?.videos[0];
  if (!video || !isHdrOrWideGamut(video)) return null;
  if (engine?.toneMapping === false) throw new CannotFix("no-tone-mapping");
  const { primaries, transfer } = video.color;
  return {
    primaries: primaries ?? "bt709",
    transfer: (video.transfer !== "sdr" && transfer) || "iec61966-2-1",
  };
}

/** Formats that engines write EXIF to, with its directory of places: libvips leaves that out of TIFF. */
const holdsExif: ReadonlySet<string> = new Set(["jpeg", "png", "webp"]);

/** What a copy of this format and depth lacks. */
function imageLosses(
  planning: Planning,
  copy: { format: string; bits: number; keptBits: number; keepsFrames: boolean },
): Loss[] {
  const { source, choices } = planning;
  const { format, details } = source;
  const frames = source.evidence.facts.frames ?? 1;
  return [
    ...metadataLosses(planning, copy.format),
    ...(copy.bits > copy.keptBits ? [loss("bit-depth", `${copy.bits} → ${copy.keptBits}`)] : []),
    ...(details?.videos[0]?.cmyk ? [loss("color", "CMYK → RGB")] : []),
    ...wideColorLosses(details?.videos[0]),
    ...(copy.format === "gif" && format !== "gif" ? [loss("color", "256 colors")] : []),
    ...(withAnimation.has(format) && frames > 1 && !copy.keepsFrames
      ? [loss("animation", `${frames} → 1`)]
      : []),
    ...(details?.videos[0]?.alpha && choices.background !== undefined ? [loss("alpha")] : []),
    ...(details && details.pages > 1 ? [loss("pages", `${details.pages} → 1`)] : []),
  ];
}

function metadataLosses({ source, embedded, engine }: Planning, format: string): Loss[] {
  const keeps = engine?.keepsMetadata !== false;
  const losses = embeddedLosses(embedded, true, keeps && holdsExif.has(format));
  const losesCaptions = embedded?.captions === true && !(keeps && format === source.format);
  if (losesCaptions && !losses.some(({ kind }) => kind === "metadata")) losses.push(loss("metadata"));
  return losses;
}

/** Whether EXIF orientation rotates pictures of a format; in browsers not those of WebP, and HEIC has boxes for it. */
function exifRotates(format: Format): boolean {
  return format === "jpeg" || format === "png" || format === "tiff";
}

/** The names of primaries that FFmpeg calls by the number of their standard. */
const primariesNames: Readonly<Record<string, string>> = {
  smpte431: "DCI-P3",
  smpte432: "Display P3",
  bt2020: "BT.2020",
};

function wideColorLosses(video: VideoTrackDetails | undefined): Loss[] {
  if (!video || !isHdrOrWideGamut(video)) return [];
  if (video.transfer !== "sdr") return [loss("hdr", video.transfer)];
  const primaries = video.color.primaries ?? "";
  return [loss("color", `${primariesNames[primaries] ?? primaries} → sRGB`)];
}
