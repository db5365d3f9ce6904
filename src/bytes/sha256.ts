import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { throwIfAborted } from "../errors.ts";

/** Bytes of a Blob that are read and hashed at a time: each holds a page's thread for a few milliseconds. */
const chunkInBytes = 1024 * 1024;

/**
 * SHA-256 of a Blob in hexadecimal, in constant memory. `crypto.subtle` cannot do this: it needs all bytes at once.
 * @param onHashed called with the number of bytes hashed so far
 * @throws whatever reading the Blob throws
 */
export async function sha256OfBlob(
  blob: Blob,
  signal?: AbortSignal | null,
  onHashed?: (bytes: number) => void,
): Promise<string> {
  const hash = sha256.create();
  for (let offset = 0; offset < blob.size; offset += chunkInBytes) {
    throwIfAborted(signal);
    hash.update(new Uint8Array(await blob.slice(offset, offset + chunkInBytes).arrayBuffer()));
    onHashed?.(Math.min(offset + chunkInBytes, blob.size));
  }
  return bytesToHex(hash.digest());
}

/** SHA-256 of a text's UTF-8 bytes in hexadecimal. */
export function sha256OfText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
