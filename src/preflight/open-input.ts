import { fromBlob } from "../bytes/blob.ts";
import { fromBytes } from "../bytes/memory.ts";
import type { ByteSource } from "../bytes/source.ts";
import { MediaPreflightError } from "../errors.ts";

/** What can be read anywhere. */
export type BinaryInput = Blob | ArrayBuffer | Uint8Array | ByteSource;

/** A source over bytes at hand, or null where the input is of another kind. */
export function openBinary(input: unknown, name: string | null): ByteSource | null {
  if (input instanceof Blob) return fromBlob(input, name);
  if (input instanceof Uint8Array) return fromBytes(input, name);
  if (input instanceof ArrayBuffer) return fromBytes(new Uint8Array(input), name);
  if (isByteSource(input)) return input;
  return null;
}

/** A source of the caller's own: an object with `size`, `name`, `grain` and `read`. */
function isByteSource(input: unknown): input is ByteSource {
  return (
    typeof input === "object" && input !== null && typeof (input as Partial<ByteSource>).read === "function"
  );
}

/** The error for something that is no input. */
export function unsupportedInput(input: unknown, allowed: string): MediaPreflightError {
  const what = input === null ? "null" : typeof input === "object" ? "this object" : `a ${typeof input}`;
  return new MediaPreflightError("usage", `${what} cannot be checked`, { hint: `give ${allowed}` });
}
