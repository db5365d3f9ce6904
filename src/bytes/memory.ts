import type { ByteSource } from "./source.ts";

/** Bytes in memory; nothing is copied. */
export function fromBytes(bytes: Uint8Array, name: string | null = null): ByteSource {
  return {
    size: bytes.byteLength,
    name,
    // A file's headers lie in one look; a jump in a film of many megabytes is not taken for a read of all of them.
    grain: 65_536,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}
