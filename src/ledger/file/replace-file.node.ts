import { randomUUID } from "node:crypto";
import { open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { exists, hostTag } from "./owner.node.ts";

/*
 * The one way a file of ours is replaced: ledger, baseline, the emulator's store. Why not write-file-atomic: it
 * does not sync the directory (after a power cut the old file may be back), it joins what is handed to it into
 * one string, and what a killed process leaves behind stays.
 */

/**
 * Replaces a file by `parts`, whole or not at all, on disk when it resolves. Follows a symbolic link rather than
 * replacing it, and keeps the file's mode.
 */
export async function replaceFile(path: string, parts: Iterable<string>): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => null,
  );
  const temporary = temporaryName(target);
  try {
    const file = await open(temporary, "wx", mode ?? 0o644);
    try {
      // The umask is for new files: one that a group may write stays so, where the file system knows of groups.
      if (mode !== null) await file.chmod(mode).catch(() => {});
      for (const chunk of chunked(parts)) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(target));
}

/** Few writes of about a megabyte instead of one a part. */
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

/** The rename itself must last; systems that cannot sync a directory (Windows) need not. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => null);
  await directory?.sync().catch(() => {});
  await directory?.close();
}

/** A name beside `path` that says whose it is. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.${hostTag()}-${randomUUID().slice(0, 8)}.tmp`;
}

/** What lies beside a ledger for moments only, if its process is killed just then. */
const leftBehind = /\.(?:(\d+)\.([0-9a-f]{6})-[0-9a-f]{8}\.tmp|lock(?:\.[0-9a-f]{16})+)$/;
const restInMilliseconds = 60_000;

/** Removes what killed processes left beside `path`: at once where they are known to be dead, else when it is old. */
export async function sweep(path: string): Promise<void> {
  const directory = dirname(path);
  for (const name of await readdir(directory).catch(() => [])) {
    const left = name.startsWith(`${basename(path)}.`) ? leftBehind.exec(name) : null;
    if (!left) continue;
    const place = join(directory, name);
    const dead = left[2] === hostTag() && !exists(Number(left[1]));
    const found = dead ? null : await stat(place).catch(() => null);
    if (dead || (found && Date.now() - found.mtimeMs > restInMilliseconds)) await rm(place, { force: true });
  }
}
