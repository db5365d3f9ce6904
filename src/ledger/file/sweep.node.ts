import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { removeDeadLock } from "./lock.node.ts";
import { exists, hostTag } from "./owner.node.ts";

/** Names of files that stay beside a ledger only if a process is killed while it writes. */
const leftBehind = /\.(?:(\d+)\.([0-9a-f]{6})-[0-9a-f]{8}\.tmp|lock(?:\.[0-9a-f]{16})+)$/;
/** A day: the clock of another host that shares the folder may be wrong by minutes. */
const staleInMilliseconds = 24 * 3600 * 1000;

/**
 * Removes what killed processes left beside `path`: at once if they are known to be dead, otherwise when it is old. What
 * cannot be removed stays: a ledger can be read in a folder that cannot be written.
 */
export async function sweep(path: string): Promise<void> {
  const directory = dirname(path);
  for (const name of await readdir(directory).catch(() => [])) {
    const left = name.startsWith(`${basename(path)}.`) ? leftBehind.exec(name) : null;
    if (!left) continue;
    const place = join(directory, name);
    const dead = left[2] === hostTag() && !exists(Number(left[1]));
    const found = dead ? null : await stat(place).catch(() => null);
    if (dead || (found && Date.now() - found.mtimeMs > staleInMilliseconds))
      await rm(place, { force: true }).catch(() => {});
  }
  await removeDeadLock(`${path}.lock`).catch(() => {});
}
