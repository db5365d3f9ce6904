import { writeFile } from "node:fs/promises";
import type { Metadata, Sharp, SharpOptions } from "sharp";
import { MediaPreflightError, throwIfAborted } from "../../errors.ts";
import type { Format } from "../../facts/formats.ts";
import { diskFullError } from "../disk-full.ts";
import type { Engine, RunOptions } from "../engine.ts";
import { maxPixels } from "../ffmpeg/input-arguments.ts";
import { firstThatFits } from "../first-that-fits.node.ts";
import type { ImageEncoding, ImageJob } from "../job.ts";
import type { MediaDetails } from "../media-details.ts";
import { bmpFile } from "./bmp.ts";
import { decodeStill } from "./decode.node.ts";
import { detachThumbnail } from "./exif-thumbnail.node.ts";
import { requireBoundedText } from "./png-text.node.ts";
import { sharpThumbnail } from "./thumbnail.node.ts";

type SharpModule = (input: string, options?: SharpOptions) => Sharp;

/** Formats that libvips may open: only those that we detected, so that no other of its loaders runs. */
const formats: ReadonlySet<Format> = new Set(["jpeg", "png", "webp", "gif", "tiff", "avif"]);

/** Milliseconds that one picture may take where the caller sets no deadline. */
const defaultDeadline = 5 * 60_000;

/** The sharp that is installed beside us, or null. */
export async function sharpEngine(): Promise<Engine<string> | null> {
  const sharp = await loadSharp();
  if (!sharp) return null;
  const { default: create } = sharp;
  const version = `sharp ${create.versions.sharp ?? "unknown"} (libvips ${create.versions.vips})`;
  return {
    name: "sharp",
    capabilities: async () => ({ version, encoders: new Set(), toneMapping: false }),
    reads: (format, kind) => kind === "image" && formats.has(format),
    probe: (input, format) => opened(input, () => probe(create, input, format)),
    decode: (input, format, options = {}) => opened(input, () => decodeStill(create, input, format, options)),
    thumbnail: (job, input, output, options = {}) =>
      opened(input, () => sharpThumbnail(create, job, input, output, options)),
    async run(job, input, output, options = {}) {
      if (job.kind !== "image")
        throw new MediaPreflightError("engine-failed", "sharp reads still images only");
      const written = await opened(input, () =>
        firstThatFits(job.encodings, job.maxBytes, output, (encoding) =>
          write(create, job, encoding, input, output, options),
        ),
      );
      options.onProgress?.(1);
      return written;
    },
  };
}

async function loadSharp(): Promise<typeof import("sharp") | null> {
  try {
    return await import("sharp");
  } catch {
    return null; // not installed, or not for this platform
  }
}

const inputOptions = (animated: boolean): SharpOptions => ({
  animated,
  limitInputPixels: maxPixels,
  failOn: "error",
  sequentialRead: true,
});

async function probe(create: SharpModule, input: string, format: Format): Promise<MediaDetails> {
  const found = await create(input, inputOptions(false)).metadata();
  const transparent = found.hasAlpha && !(await create(input, inputOptions(false)).stats()).isOpaque;
  const animation = format === "gif" || format === "webp";
  return {
    videos: [
      {
        track: 0,
        codec: format,
        width: found.width,
        height: found.height,
        pixelAspectRatio: 1,
        rotation: rotationOf(found, format),
        frameRate: null,
        nominalFrameRate: null,
        duration: null,
        bitDepth: depthOf(found),
        transfer: "sdr",
        color: { matrix: null, primaries: null, transfer: null, fullRange: true },
        rgb: true,
        cmyk: found.space === "cmyk",
        alpha: transparent,
        interlaced: false,
        cover: false,
      },
    ],
    audios: [],
    others: [],
    chapters: 0,
    duration: null,
    location: false,
    pages: animation ? 1 : (found.pages ?? 1),
  };
}

/**
 * Bits of a sample as stored: libvips holds those of 10 and 12 in 16.
 * @throws MediaPreflightError for samples that have no agreed black and white: signed, 32 bits, floating point
 */
function depthOf({ depth, bitsPerSample = 16 }: Metadata): number {
  if (depth === "ushort") return Math.min(Math.max(bitsPerSample, 9), 16);
  if (depth === "uchar") return 8;
  throw new MediaPreflightError("engine-failed", `its samples (${depth}) have no agreed black and white`);
}

/** libvips rotates AVIF itself; only the EXIF orientation remains. */
function rotationOf({ orientation = 1 }: Metadata, format: Format): 0 | 90 | 180 | 270 {
  if (format === "webp" || format === "avif") return 0;
  return ([0, 0, 180, 180, 270, 90, 90, 270] as const)[orientation - 1] ?? 0;
}

async function write(
  create: SharpModule,
  job: ImageJob,
  encoding: ImageEncoding,
  input: string,
  output: string,
  options: RunOptions,
): Promise<void> {
  throwIfAborted(options.signal);
  const found = await create(input, inputOptions(false)).metadata();
  const keepsDepth = job.bitDepth === 16 && (encoding.format === "png" || encoding.format === "tiff");
  // Pixel values and profile are both kept, so it looks the same. CMYK is converted, since few viewers show it right, and
  // so are 8-bit grays with a profile, since the output has three channels.
  const converted = found.space === "cmyk" || (found.space === "b-w" && found.icc !== undefined);
  let image = create(input, { ...inputOptions(job.animated), ignoreIcc: !converted });
  if (job.orientation !== 1) image = image.autoOrient();
  image = applyChange(image, job);
  if (keepsDepth)
    image = image.toColourspace(found.space === "b-w" || found.space === "grey16" ? "grey16" : "rgb16");
  image = image.keepMetadata();
  const holdsProfile = encoding.format !== "gif" && encoding.format !== "bmp";
  if (converted || (found.icc && !holdsProfile)) image = image.withIccProfile("srgb");
  // The orientation of a WebP, or of a HEIC that was decoded, does not count; that of the output may.
  if ((found.orientation ?? 1) !== 1 && job.orientation === 1) image = withoutOrientation(image, found);
  image = image.timeout({ seconds: Math.ceil((options.deadline ?? defaultDeadline) / 1000) });
  if (encoding.format === "bmp") await writeBmp(image, output);
  else await encodeAs(image, encoding).toFile(output);
  if (encoding.format === "jpeg" && found.exif) await detachThumbnail(output);
  throwIfAborted(options.signal);
}

/** libvips does not write BMP. */
async function writeBmp(image: Sharp, output: string): Promise<void> {
  const { data, info } = await image
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  await writeFile(output, bmpFile(data, info.width, info.height));
}

/** Sets the EXIF orientation to 1. sharp does so only together with a conversion to one of its own color profiles. */
function withoutOrientation(image: Sharp, { icc }: Metadata): Sharp {
  const wideGamut = icc?.toString("latin1").replaceAll("\0", "").includes("P3") ?? false;
  return image.withMetadata({ orientation: 1 }).withIccProfile(wideGamut ? "p3" : "srgb");
}

function applyChange(image: Sharp, { picture }: ImageJob): Sharp {
  const { crop, scale, pad, background } = picture;
  let out = image;
  if (crop) out = out.extract({ left: crop.x, top: crop.y, width: crop.width, height: crop.height });
  out = out.resize(scale.width, scale.height, { fit: "fill", kernel: "lanczos3" });
  if (background !== null) out = out.flatten({ background });
  if (!pad) return out;
  const left = Math.floor((pad.width - scale.width) / 2);
  const top = Math.floor((pad.height - scale.height) / 2);
  return out.extend({
    left,
    right: pad.width - scale.width - left,
    top,
    bottom: pad.height - scale.height - top,
    background: pad.color,
  });
}

function encodeAs(image: Sharp, { format, quality }: ImageEncoding): Sharp {
  switch (format) {
    case "jpeg":
      return image.jpeg({
        quality: quality ?? 95,
        chromaSubsampling: (quality ?? 95) >= 84 ? "4:4:4" : "4:2:0",
      });
    case "webp":
      return image.webp(quality === null ? { lossless: true } : { quality });
    case "tiff":
      return image.tiff({ compression: "deflate" });
    case "gif":
      return image.gif();
    case "png":
      return image.png();
    default:
      throw new MediaPreflightError("engine-failed", `sharp does not write ${format}`);
  }
}

/** Has libvips open `input`, if that is safe. Its failures become coded errors. */
async function opened<T>(input: string, act: () => Promise<T>): Promise<T> {
  try {
    await requireBoundedText(input);
    return await act();
  } catch (cause) {
    if (cause instanceof MediaPreflightError) throw cause;
    throw (
      diskFullError(String(cause)) ??
      new MediaPreflightError("engine-failed", `sharp failed: ${oneLine(cause)}`, { cause })
    );
  }
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]?.slice(0, 300) ?? "";
}
