import { randomUUID } from "node:crypto";
import { lstat, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileError } from "../../bytes/file-errors.node.ts";
import { hostTag } from "./owner.node.ts";

/*
 * Replaces files of ours atomically: ledger, baseline, the emulator's store. Why not write-file-atomic: it does not sync
 * the directory (after a power cut the old file may be back), joins its input into one string, follows links, and does
 * not remove the temporary files of killed processes.
 */

/**
 * Replaces a file by `parts`, entirely or not at all; it is on disk when the promise resolves. Keeps the file's mode. Never
 * writes through a symbolic link, which a repository could point anywhere.
 * @throws MediaPreflightError `unreadable` if the path is a link, a directory or no regular file
 */
export async function replaceFile(path: string, parts: Iterable<string>): Promise<void> {
  const mode = await modeToKeep(path);
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, "wx", mode ?? 0o644);
    try {
      // The umask is for new files. A file system without modes refuses, which does not matter.
      if (mode !== null) await file.chmod(mode).catch(() => {});
      for (const chunk of chunked(parts)) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** The mode of the file that is replaced; null if there is none. */
async function modeToKeep(path: string): Promise<number | null> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return null;
  if (found.isSymbolicLink())
    throw fileError("unreadable", "this is a symbolic link, and nothing is written through links", path, {
      hint: "replace the link with a file, or name the file that it leads to",
    });
  if (!found.isFile()) throw fileError("unreadable", "this is not a regular file", path);
  return found.mode & 0o777;
}

/** A few writes of about a megabyte instead of one per part. */
function* chunked(parts: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  let length = 0;
  for (const part of parts) {
    chunk.push(part);
    length += part.length;
    if (length > 1_000_000) {
      yield chunk.join("");
      chunk = [];
      length = 0;
    }
  }
  yield chunk.join("");
}

/** Makes the rename durable; Windows cannot sync a directory. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => null);
  await directory?.sync().catch(() => {});
  await directory?.close();
}

/** A name next to `path` that contains the process and the machine that write it. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.${hostTag()}-${randomUUID().slice(0, 8)}.tmp`;
}
