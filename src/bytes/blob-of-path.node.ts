import { openAsBlob } from "node:fs";
import { MediaPreflightError } from "../errors.ts";

/**
 * A Blob over a path: its bytes are read from disk as they are sent, and reading fails once the file has changed.
 * @throws MediaPreflightError `not-found`, `unreadable`
 */
export async function blobOfPath(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch (cause) {
    throw readError(path, cause);
  }
}

/** The error for a path that cannot be read; an error of ours stays as it is. */
export function readError(path: string, cause: unknown): MediaPreflightError {
  if (cause instanceof MediaPreflightError) return cause;
  const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
  return new MediaPreflightError(
    missing ? "not-found" : "unreadable",
    missing ? "no such file" : "cannot read the file",
    { cause, path },
  );
}
