import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { MediaPreflightError } from "../errors.ts";
import { fileError, withFileErrors } from "./file-errors.node.ts";

/** A regular file, open for reading. The caller closes `fd`. */
export interface RegularFile {
  fd: number;
  /** Bytes, when it was opened. */
  size: number;
  /** Of the opened file itself, not of a file that replaced it at the path. */
  stats: BigIntStats;
}

export interface OpenFileOptions {
  /** A larger file is refused before anything of it is read. Default: no limit. */
  maxBytes?: number | undefined;
}

/**
 * Opens a regular file for reading. A FIFO, a socket, a device or a directory is refused without being
 * opened; if one replaces the file in between, O_NONBLOCK keeps `open` from waiting for a writer.
 * @throws MediaPreflightError `not-found`, `unreadable`
 */
export function openRegularFile(path: string | Buffer, options: OpenFileOptions = {}): RegularFile {
  requireRegular(
    withFileErrors(path, () => statSync(path, { bigint: true })),
    path,
    options,
  );
  const fd = withFileErrors(path, () => openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
  try {
    const stats = withFileErrors(path, () => fstatSync(fd, { bigint: true }));
    requireRegular(stats, path, options);
    return { fd, size: Number(stats.size), stats };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * A whole small file: settings, tables, lists. A file that grows while it is read is refused at `maxBytes` too.
 * @throws MediaPreflightError `not-found`, `unreadable`
 */
export function readRegularFile(path: string, options: { maxBytes: number }): Buffer {
  const { fd, size } = openRegularFile(path, options);
  try {
    const chunks: Buffer[] = [];
    let total = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(Math.min(1024 * 1024, Math.max(size - total, 0) + 4096));
      const read = withFileErrors(path, () => readSync(fd, chunk, 0, chunk.length, null));
      if (read === 0) return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, total);
      total += read;
      if (total > options.maxBytes) throw tooLarge(path, options.maxBytes);
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    closeSync(fd);
  }
}

function requireRegular(stats: BigIntStats, path: string | Buffer, { maxBytes }: OpenFileOptions): void {
  if (!stats.isFile())
    throw fileError("unreadable", `this is ${kindOf(stats)}`, path, { hint: "name a regular file" });
  if (maxBytes !== undefined && stats.size > maxBytes) throw tooLarge(path, maxBytes);
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return "a directory";
  if (stats.isFIFO()) return "a named pipe (FIFO)";
  if (stats.isSocket()) return "a socket";
  return "a device";
}

function tooLarge(path: string | Buffer, maxBytes: number): MediaPreflightError {
  return fileError("unreadable", `the file is larger than ${maxBytes} bytes`, path, {
    hint: "check that this is the file you mean",
  });
}
