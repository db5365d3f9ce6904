import { extname } from "node:path";
import { fromPath } from "../../bytes/path.node.ts";
import { Budget } from "../../facts/budget.ts";
import { Cursor } from "../../facts/cursor.ts";
import { type Format, formats } from "../../facts/formats.ts";
import { sniff } from "../../facts/sniff.ts";
import type { FoundFile } from "./walk.ts";

/** Media formats that are reference media only where a file is named itself. */
const notReferenceMedia: ReadonlySet<Format> = new Set([
  "svg",
  "ico",
  "icns",
  "emf",
  "midi",
  "swf",
  "dds",
  "fits",
  "dicom",
]);

/** Extensions that source code uses too. */
const ambiguous = new Set(["ts", "mts", "raw", "au", "rm", "ra", "dv", "mod", "asf", "cur", "mos"]);

const mediaExtensions = new Set(
  Object.entries(formats)
    .filter(([format, row]) => row.kind !== null && !notReferenceMedia.has(format as Format))
    .flatMap(([, row]) => row.extensions)
    .filter((extension) => !ambiguous.has(extension)),
);

/**
 * Whether a file found in a folder (not named itself) counts as media: by its extension, otherwise by its bytes.
 * A broken .mp4 is; a stylesheet is not. What a link leads to outside the repository is not read.
 */
export async function isCandidate({ path, bytes, leavesRepository }: FoundFile): Promise<boolean> {
  return hasMediaExtension(path) || (!leavesRepository && (await sniffsAsMedia(bytes ?? path)));
}

/** Whether a format is worth checking. */
export function isMedia(format: Format | null): boolean {
  return format !== null && formats[format].kind !== null && !notReferenceMedia.has(format);
}

/** Whether a path has an extension of a media format. */
export function hasMediaExtension(path: string): boolean {
  return mediaExtensions.has(extname(path).slice(1).toLowerCase());
}

async function sniffsAsMedia(path: string | Buffer): Promise<boolean> {
  try {
    const source = fromPath(path);
    try {
      return isMedia(await sniff(new Cursor(source, new Budget())));
    } finally {
      source.close?.();
    }
  } catch {
    return false; // unreadable, and not named itself
  }
}
