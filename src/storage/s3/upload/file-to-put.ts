import { callSafely } from "../../../async/call-safely.ts";
import { StorageError } from "../../error.ts";
import type { PutOptions } from "../../storage.ts";
import type { NewSha256 } from "../hash.ts";
import type { S3Wire } from "../http/transport.ts";

/** How files are sent. */
export interface PutSetup {
  newSha256: NewSha256;
  /** Bytes of each part but the last. */
  partSize: number;
  /** Larger files (bytes) are sent in parts. */
  multipartAbove: number;
}

/** A file to put: its bytes, and what they must be. */
export interface FileToPut {
  wire: S3Wire;
  setup: PutSetup;
  blob: Blob;
  options: PutOptions;
  signal: AbortSignal | null;
}

/** Reports the bytes of the file that are stored so far. */
export function reportProgress({ onProgress, size }: PutOptions, loaded: number): void {
  callSafely(onProgress, { phase: "upload", loaded, total: size });
}

export function changedFile(key: string): StorageError {
  return new StorageError("changed", "the file changed since it was checked", {
    key,
    hint: "check it again, then send it again",
  });
}
