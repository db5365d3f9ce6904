import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../bytes/make-folder.node.ts";
import { MediaPreflightError } from "../errors.ts";
import { keepAlive, removeAbandoned, workFolderPrefix } from "./abandoned-folders.node.ts";

const open = new Set<string>();
/** Folders in which what a killed process left has been looked for. */
const swept = new Set<string>();

/** Also runs when the process exits before the folders are removed. */
function removeAll(): void {
  for (const folder of open) rmSync(folder, { recursive: true, force: true });
}

/**
 * Runs `act` with a new hidden folder inside `parent`, on the same file system as the output, and removes it.
 * @throws MediaPreflightError `unreadable` if it cannot be created
 */
export async function withWorkFolder<T>(parent: string, act: (folder: string) => Promise<T>): Promise<T> {
  let folder: string;
  try {
    makeFolder(parent);
    folder = await mkdtemp(join(parent, workFolderPrefix));
  } catch (cause) {
    throw new MediaPreflightError("unreadable", `cannot write to ${parent}`, {
      cause,
      hint: "give another folder with --out",
    });
  }
  if (open.size === 0) process.once("exit", removeAll);
  open.add(folder);
  const ended = keepAlive(folder);
  try {
    if (!swept.has(parent)) {
      swept.add(parent);
      await removeAbandoned(parent, folder);
    }
    return await act(folder);
  } finally {
    ended();
    // The last sign of life may still be written.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    open.delete(folder);
    if (open.size === 0) process.off("exit", removeAll);
  }
}
