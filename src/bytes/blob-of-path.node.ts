import { openAsBlob } from "node:fs";
import { withFileErrorsAsync } from "./file-errors.node.ts";

/**
 * A Blob over a path: its bytes are read from disk as they are sent, and reading fails once the file has changed.
 * @throws MediaPreflightError `not-found`, `unreadable`
 */
export async function blobOfPath(path: string): Promise<Blob> {
  return await withFileErrorsAsync(path, () => openAsBlob(path));
}
