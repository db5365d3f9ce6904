import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { throwIfAborted } from "../errors.ts";
import { withFileErrorsAsync } from "./file-errors.node.ts";

/** SHA-256 of a local file in hexadecimal, in constant memory. @throws MediaPreflightError `not-found`, `unreadable`, `aborted` */
export async function sha256OfPath(path: string, signal: AbortSignal | null = null): Promise<string> {
  const hash = createHash("sha256");
  await withFileErrorsAsync(path, async () => {
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
