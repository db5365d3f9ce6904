import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteSource } from "../bytes/source.ts";
import type { DecodeError, RunOptions } from "../engines/engine.ts";
import { engineFor, installHint, isHeif, isReadable, nodeEngines } from "../engines/engines.node.ts";
import { MediaPreflightError } from "../errors.ts";
import { damaged, type Evidence } from "../facts/evidence.ts";
import type { Format, Kind } from "../facts/formats.ts";

/** Most bytes that are copied to a temporary file, for an input that is not a file. */
const maxCopied = 2 ** 30;
const chunkBytes = 2 ** 20;

/**
 * Decodes all of a file; each failure is added to its evidence as damage. What is not media, or certainly damaged, is
 * not decoded: it fails anyway.
 * @throws MediaPreflightError `no-engine`, `aborted`, `timeout`
 */
export async function decodeAll(source: ByteSource, evidence: Evidence, options: RunOptions): Promise<void> {
  const { format, kind } = evidence;
  if (format === null || kind === null || !isReadable(format)) return;
  if (evidence.damage.some((damage) => damage.certain)) return;
  const folder = await mkdtemp(join(tmpdir(), "media-preflight-decode-"));
  try {
    const path = source.path ?? (await copyToFile(source, join(folder, "input")));
    const errors = await decodeErrors(path, format, kind, evidence, folder, options);
    for (const error of errors) damaged(evidence, "undecodable", withPosition(error), null);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** "1.20 s, …", "row 300 of 480, …" */
function withPosition({ at, place, message }: DecodeError): string {
  if (at !== null) return `${at.toFixed(2)} s, ${message}`;
  return place ? `${place.unit} ${place.n} of ${place.of}, ${message}` : message;
}

async function decodeErrors(
  path: string,
  format: Format,
  kind: Kind,
  evidence: Evidence,
  folder: string,
  options: RunOptions,
): Promise<DecodeError[]> {
  const engines = await nodeEngines();
  const missing = (): MediaPreflightError =>
    new MediaPreflightError("no-engine", `nothing that decodes ${format} is installed`, {
      hint: installHint,
    });
  try {
    if (isHeif(format)) {
      if (!engines.heif) throw missing();
      const [shown] = evidence.sizes;
      if (shown) await engines.heif.toPng(path, join(folder, "decoded.png"), shown, options);
      return [];
    }
    const animated = format === "png" && (evidence.facts.frames ?? 1) > 1;
    // sharp reads the first picture of an animated PNG only.
    const engine = animated ? engines.ffmpeg : engineFor(engines, format, kind);
    if (!engine) throw missing();
    return await engine.decode(path, format, { ...options, animated });
  } catch (error) {
    if (!(error instanceof MediaPreflightError) || error.code !== "engine-failed") throw error;
    return [{ at: null, message: error.message }];
  }
}

/** Copies the bytes to a file that a program can read. @returns its path */
async function copyToFile(source: ByteSource, path: string): Promise<string> {
  const file = await open(path, "wx", 0o600);
  try {
    for (let at = 0; at < (source.size ?? maxCopied); ) {
      const chunk = await source.read(at, chunkBytes);
      if (chunk.byteLength === 0) break;
      at += chunk.byteLength;
      if (at > maxCopied)
        throw new MediaPreflightError("unreadable", "it is too large to be decoded from memory", {
          hint: "save it to a file and give the file",
        });
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  return path;
}
