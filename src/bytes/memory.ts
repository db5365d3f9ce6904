import type { ByteSource } from "./source.ts";

/** Bytes in memory; nothing is copied. */
export function fromBytes(bytes: Uint8Array, name: string | null = null): ByteSource {
  return {
    size: bytes.byteLength,
    name,
    grain: bytes.byteLength,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}
