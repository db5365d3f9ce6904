import { openAsBlob } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Spool } from "./spool.ts";

/** A temporary file that only this user can read, in its own directory. */
export async function diskSpool(): Promise<Spool> {
  const directory = await mkdtemp(join(tmpdir(), "media-preflight-"));
  const path = join(directory, "body");
  let file: FileHandle | null;
  try {
    file = await open(path, "wx", 0o600);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  const close = async (): Promise<void> => {
    const open = file;
    file = null;
    await open?.close();
  };
  return {
    async write(chunk) {
      await file?.writeFile(chunk);
    },
    async blob() {
      await close();
      return openAsBlob(path);
    },
    async remove() {
      await close().catch(() => {});
      await rm(directory, { recursive: true, force: true });
    },
  };
}
