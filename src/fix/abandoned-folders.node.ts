import { lstat, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/*
 * A killed process leaves its work folder. Process ids say little about it: they are reused, and the folder may be shared
 * with other machines. A live process writes a file in its folder every minute, and the file system dates that.
 */

/** Work folders are named by it and six characters. */
export const workFolderPrefix = ".media-preflight-fix-";
const workFolderName = /^\.media-preflight-fix-[\w-]{6}$/;
/** Names of the files in a work folder. A folder with any other entry is not ours. */
const workFileName = /^(alive|output-\d+|decoded(-\d+)?\.png)$/;

const aliveIntervalInMilliseconds = 60_000;
/** A process that sleeps for longer with its machine finds its folder gone, and says that it cannot write. */
const abandonedAfterInMilliseconds = 60 * 60_000;

/** Shows that a work folder is in use. @returns what ends that */
export function keepAlive(folder: string): () => void {
  const write = (): void => {
    writeFile(join(folder, "alive"), "1").catch(() => {}); // the folder was removed, or the disk is full
  };
  const timer = setInterval(write, aliveIntervalInMilliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

/** Removes work folders of this user in `parent` that no process has written to for an hour. Never throws. */
export async function removeAbandoned(parent: string, own: string): Promise<void> {
  try {
    // The clock that dates the other folders.
    const now = (await lstat(own)).mtimeMs;
    for (const entry of await readdir(parent, { withFileTypes: true })) {
      // A link is no directory here.
      if (!entry.isDirectory() || !workFolderName.test(entry.name)) continue;
      const folder = join(parent, entry.name);
      // One that cannot be read or removed does not keep the others.
      if (await isAbandoned(folder, now).catch(() => false))
        await rm(folder, { recursive: true, force: true }).catch(() => {});
    }
  } catch {
    // It only saves space: a later run tries again.
  }
}

async function isAbandoned(folder: string, now: number): Promise<boolean> {
  const { mtimeMs, uid } = await lstat(folder);
  if (process.getuid && uid !== process.getuid()) return false;
  let latest = mtimeMs;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !workFileName.test(entry.name)) return false;
    latest = Math.max(latest, (await lstat(join(folder, entry.name))).mtimeMs);
  }
  return now - latest > abandonedAfterInMilliseconds;
}
