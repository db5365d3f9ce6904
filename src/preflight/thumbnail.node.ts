import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { RunOptions } from "../engines/engine.ts";
import { engineFor, isHeif, isReadable, nodeEngines } from "../engines/engines.node.ts";
import type { Size } from "../engines/job.ts";
import type { ThumbnailJob } from "../engines/thumbnail.ts";
import { abortError, MediaPreflightError } from "../errors.ts";
import type { Facts } from "../facts/facts.ts";
import { type Format, formats, type Kind } from "../facts/formats.ts";
import type { Thumbnail } from "../report/formatters/thumbnail.ts";

export interface ThumbnailOptions extends RunOptions {
  /** Largest size in pixels. Default 256 × 192. */
  box?: Size | undefined;
  /** Most bytes. Default 6,000. */
  maxBytes?: number | undefined;
}

/** Qualities and shares of the box, tried in this order until the picture is small enough. */
const attempts = [
  { quality: 62, share: 1 },
  { quality: 40, share: 0.85 },
  { quality: 30, share: 0.6 },
  { quality: 20, share: 0.4 },
] as const;

/**
 * A small picture of a local file, decoded and encoded again by an installed engine, so that no byte of the file itself
 * is in it. Null if nothing installed decodes it, or it has no picture.
 * @throws MediaPreflightError `aborted`
 */
export async function thumbnailOf(
  path: string,
  facts: Facts,
  options: ThumbnailOptions = {},
): Promise<Thumbnail | null> {
  const format = facts.format as Format | null;
  const kind = format === null ? null : formats[format].kind;
  if (format === null || kind === null || !isReadable(format) || facts.encrypted) return null;
  const folder = await mkdtemp(join(tmpdir(), "media-preflight-thumbnail-"));
  try {
    return await makeThumbnail(resolve(path), format, kind, facts, folder, options);
  } catch (error) {
    if (options.signal?.aborted) throw abortError(options.signal);
    if (error instanceof MediaPreflightError) return null;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeThumbnail(
  path: string,
  format: Format,
  kind: Kind,
  facts: Facts,
  folder: string,
  options: ThumbnailOptions,
): Promise<Thumbnail | null> {
  const { box = { width: 256, height: 192 }, maxBytes = 6_000 } = options;
  const engines = await nodeEngines();
  const shown = sizeOf(facts);
  let source: { path: string; format: Format } = { path, format };
  if (isHeif(format)) {
    if (!engines.heif || !shown) return null;
    source = { path: join(folder, "decoded.png"), format: "png" };
    await engines.heif.toPng(path, source.path, shown, options);
  }
  const engine = engineFor(engines, source.format, kind);
  if (!engine) return null;
  const job: Omit<ThumbnailJob, "box" | "quality" | "at"> = {
    kind,
    from: source.format,
    shown,
    rotation: kind === "image" && source.format === format ? quarterTurn(facts.rotation) : 0,
  };
  let at = kind === "video" ? posterTime(facts.duration) : 0;
  for (const { quality, share } of attempts) {
    const smaller = { width: Math.round(box.width * share), height: Math.round(box.height * share) };
    const output = join(folder, "thumbnail.webp");
    const written = await engine.thumbnail(
      { ...job, at, box: smaller, quality },
      source.path,
      output,
      options,
    );
    const bytes = await contents(output, maxBytes);
    if (bytes) return { format: written, bytes };
    // There may be no frame at that time.
    at = 0;
  }
  return null;
}

function sizeOf({ width, height }: Facts): Size | null {
  return width === null || height === null ? null : { width, height };
}

function quarterTurn(rotation: number | null): ThumbnailJob["rotation"] {
  return rotation === 90 || rotation === 180 || rotation === 270 ? rotation : 0;
}

/** Seconds: past a black first frame, and so early that little is decoded. */
function posterTime(duration: number | null): number {
  return duration === null ? 0 : Math.min(1, duration / 10);
}

/** The file's bytes; null if it is empty, too large, or was not written: the decoder found no picture. */
async function contents(path: string, maxBytes: number): Promise<Uint8Array | null> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    if (size === 0 || size > maxBytes) return null;
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}
