import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { readError } from "../../bytes/blob-of-path.node.ts";
import { throwIfAborted } from "../../errors.ts";
import type { SubmitFile } from "./submit-file.ts";

/** A file on disk, streamed each time it is read. */
export function fileOfPath(path: string): SubmitFile {
  return {
    name: basename(path),
    payload: path,
    url: null,
    stamp: () => stampOf(path),
    sha256: (signal) => sha256OfPath(path, signal),
    probe: async () => null,
  };
}

/** A stamp does not show changes made within the same tick of the file system's clock. */
const clockTickInMilliseconds = 20;

async function stampOf(path: string): Promise<string> {
  for (;;) {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await attempt(path, () =>
      stat(path, { bigint: true }),
    );
    const age = Date.now() - Number(ctimeMs);
    if (age < 0 || age > clockTickInMilliseconds) return [dev, ino, size, mtimeNs, ctimeNs].join(":");
    await new Promise((resolve) => setTimeout(resolve, clockTickInMilliseconds - age + 1));
  }
}

/** SHA-256 of a file in hexadecimal, in constant memory. @throws MediaPreflightError `not-found`, `unreadable` */
export async function sha256OfPath(path: string, signal: AbortSignal | null): Promise<string> {
  const hash = createHash("sha256");
  await attempt(path, async () => {
    const file = await open(path, "r");
    try {
      // One buffer for the complete file: a stream would allocate as much memory as the file is long.
      const buffer = new Uint8Array(256 * 1024);
      for (;;) {
        throwIfAborted(signal);
        const { bytesRead } = await file.read(buffer, 0, buffer.byteLength);
        if (bytesRead === 0) break;
        hash.update(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  });
  return hash.digest("hex");
}

async function attempt<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw readError(path, cause);
  }
}
