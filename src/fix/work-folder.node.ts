import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { MediaPreflightError } from "../errors.ts";

const open = new Set<string>();

/** A process that is stopped at once still leaves nothing behind. */
function removeAll(): void {
  for (const folder of open) rmSync(folder, { recursive: true, force: true });
}

/**
 * Runs `act` with a hidden folder of its own inside `parent`, on the same file system as the output, and removes it.
 * @throws MediaPreflightError `unreadable` where nothing can be written there
 */
export async function withWorkFolder<T>(parent: string, act: (folder: string) => Promise<T>): Promise<T> {
  let folder: string;
  try {
    await mkdir(parent, { recursive: true });
    folder = await mkdtemp(join(parent, ".media-preflight-"));
  } catch (cause) {
    throw new MediaPreflightError("unreadable", `cannot write to ${parent}`, {
      cause,
      hint: "give another folder with --out",
    });
  }
  if (open.size === 0) process.once("exit", removeAll);
  open.add(folder);
  try {
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    open.delete(folder);
    if (open.size === 0) process.off("exit", removeAll);
  }
}
