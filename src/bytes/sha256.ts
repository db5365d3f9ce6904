import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Bytes of a Blob that are read and hashed at a time: each holds a page's thread for a few milliseconds. */
const chunkInBytes = 1024 * 1024;

/**
 * SHA-256 of a Blob in hexadecimal, in constant memory. `crypto.subtle` cannot do this: it needs all bytes at once.
 * @throws whatever reading the Blob throws
 */
export async function sha256OfBlob(blob: Blob): Promise<string> {
  const hash = sha256.create();
  for (let offset = 0; offset < blob.size; offset += chunkInBytes)
    hash.update(new Uint8Array(await blob.slice(offset, offset + chunkInBytes).arrayBuffer()));
  return bytesToHex(hash.digest());
}

/** SHA-256 of a text's UTF-8 bytes in hexadecimal. */
export function sha256OfText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
