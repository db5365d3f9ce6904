import type { ByteSource } from "./source.ts";

/** Bytes in memory; nothing is copied. */
export function fromBytes(bytes: Uint8Array, name: string | null = null): ByteSource {
  return {
    size: bytes.byteLength,
    name,
    // Most headers are within one read of this size; a larger one would charge a jump in a film as a read of all of it.
    minReadSize: 65_536,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}
