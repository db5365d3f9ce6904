import { sha256OfBlob } from "../../bytes/sha256.ts";
import type { SubmitFile } from "./submit-file.ts";

/** A Blob, File or bytes; null for anything else. A File on disk that changes can no longer be read at all. */
export function fileOfBinary(input: unknown, name: string | null): SubmitFile | null {
  const blob =
    input instanceof Blob
      ? input
      : input instanceof Uint8Array || input instanceof ArrayBuffer
        ? new Blob([input as Uint8Array<ArrayBuffer> | ArrayBuffer])
        : null;
  if (!blob) return null;
  return {
    name: name ?? (input as Partial<File>).name ?? null,
    // A copy was made of bytes in memory: what is sent is what was hashed.
    payload: blob,
    url: null,
    stamp: async () => null,
    sha256: () => sha256OfBlob(blob),
    probe: async () => null,
  };
}
