import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteSource } from "../bytes/source.ts";
import type { DecodeError, RunOptions } from "../engines/engine.ts";
import { engineFor, installHint, isHeif, nodeEngines, readable } from "../engines/engines.node.ts";
import { MediaPreflightError } from "../errors.ts";
import { damaged, type Evidence } from "../facts/evidence.ts";
import type { Format, Kind } from "../facts/formats.ts";

/** Bytes that are copied to a temporary file where the input is no file. */
const maxCopied = 2 ** 30;
const pieceBytes = 2 ** 20;

/**
 * Decodes all of a file; where that fails becomes a damage of its evidence. What is no media, or certainly
 * damaged, fails without it.
 * @throws MediaPreflightError `no-engine`, `aborted`, `timeout`
 */
export async function decodeAll(source: ByteSource, evidence: Evidence, options: RunOptions): Promise<void> {
  const { format, kind } = evidence;
  if (format === null || kind === null || !readable(format)) return;
  if (evidence.damage.some((damage) => damage.certain)) return;
  const folder = await mkdtemp(join(tmpdir(), "media-preflight-decode-"));
  try {
    const path = source.path ?? (await copied(source, join(folder, "input")));
    const errors = await decodeErrors(path, format, kind, evidence, folder, options);
    for (const { at, message } of errors)
      damaged(evidence, "undecodable", at === null ? message : `${at.toFixed(2)} s, ${message}`, null);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
    const engine = engineFor(engines, format, kind);
    if (!engine) throw missing();
    return await engine.decode(path, format, options);
  } catch (error) {
    if (!(error instanceof MediaPreflightError) || error.code !== "engine-failed") throw error;
    return [{ at: null, message: error.message }];
  }
}

/** Bytes as a file that a program can read. */
async function copied(source: ByteSource, path: string): Promise<string> {
  const file = await open(path, "wx", 0o600);
  try {
    for (let at = 0; at < (source.size ?? maxCopied); ) {
      const piece = await source.read(at, pieceBytes);
      if (piece.byteLength === 0) break;
      at += piece.byteLength;
      if (at > maxCopied)
        throw new MediaPreflightError("unreadable", "it is too large to be decoded from memory", {
          hint: "save it to a file and give the file",
        });
      await file.write(piece);
    }
  } finally {
    await file.close();
  }
  return path;
}
