import { MediaPreflightError } from "../errors.ts";
import type { ByteSource } from "./source.ts";

/** Ranged reads of a Blob or File; the rest of it is never loaded. */
export function fromBlob(blob: Blob, name?: string | null): ByteSource {
  return {
    size: blob.size,
    name: name ?? (blob as Partial<File>).name ?? null,
    grain: 16_384,
    async read(offset, length) {
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (cause) {
        // A File whose file on disk was changed or deleted since it was picked: NotReadableError, NotFoundError.
        throw new MediaPreflightError("unreadable", "the file can no longer be read", {
          cause,
          hint: "it was moved, changed or deleted since it was chosen: choose it again",
        });
      }
    },
  };
}
