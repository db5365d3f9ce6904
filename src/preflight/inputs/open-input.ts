import { fromBlob } from "../../bytes/blob.ts";
import { fromBytes } from "../../bytes/memory.ts";
import type { ByteSource } from "../../bytes/source.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { StreamInput } from "./stream-input.ts";

/** Bytes in memory, or the caller's own source. */
export type BinaryInput = Blob | ArrayBuffer | Uint8Array | ByteSource;

/**
 * What `preflight`, `inspect` and `submit` take. A string is a URL, or in Node.js the path of a file; a stream is read
 * to its end first.
 */
export type MediaInput = BinaryInput | StreamInput | URL | string;

/** A source over bytes in memory, or null for any other input. */
export function openBinary(input: unknown, name: string | null): ByteSource | null {
  if (input instanceof Blob) return fromBlob(input, name);
  if (input instanceof Uint8Array) return fromBytes(input, name);
  if (input instanceof ArrayBuffer) return fromBytes(new Uint8Array(input), name);
  if (isByteSource(input)) return input;
  return null;
}

/** Unlike a FileHandle or a socket, which can `read` too, a source has a `minReadSize`. */
function isByteSource(input: unknown): input is ByteSource {
  const { read, minReadSize } = (input ?? {}) as Partial<ByteSource>;
  return typeof read === "function" && typeof minReadSize === "number";
}

/** The error for a value that is no input. */
export function unsupportedInput(input: unknown, allowed: string): MediaPreflightError {
  const type = (input as object | null | undefined)?.constructor?.name;
  const hint = type === "FileHandle" ? "give its path, or handle.createReadStream()" : `give ${allowed}`;
  return new MediaPreflightError("usage", `${describeType(input, type)} cannot be checked`, { hint });
}

function describeType(input: unknown, type: string | undefined): string {
  if (input === null || input === undefined) return String(input);
  if (typeof input !== "object") return `a ${typeof input}`;
  return type === undefined || type === "" || type === "Object"
    ? "this object"
    : `an object of class ${type}`;
}
