import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { delay } from "../../async/delay.ts";
import { withFileErrorsAsync } from "../../bytes/file-errors.node.ts";
import { sha256OfPath } from "../../bytes/sha256-path.node.ts";
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
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await withFileErrorsAsync(path, () =>
      stat(path, { bigint: true }),
    );
    const age = Date.now() - Number(ctimeMs);
    if (age < 0 || age > clockTickInMilliseconds) return [dev, ino, size, mtimeNs, ctimeNs].join(":");
    await delay(clockTickInMilliseconds - age + 1, null);
  }
}
