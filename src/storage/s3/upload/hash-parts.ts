import { throwIfAborted } from "../../../errors.ts";
import { changedFile, type FileToPut } from "./file-to-put.ts";
import { partSizeFor } from "./parts.ts";

/** A part of the file. */
export interface Part {
  /** From 1. */
  number: number;
  /** Its first byte, and the one after its last. */
  start: number;
  end: number;
  sha256: string;
}

const hashChunkInBytes = 1024 * 1024;

/**
 * Divides the file, and hashes the parts and all of it in one pass. The bucket verifies each part by its hash, so the
 * object that it assembles is what was hashed here.
 * @throws StorageError `changed` if the file is not what was checked
 */
export async function hashParts({ setup, blob, options, signal }: FileToPut): Promise<Part[]> {
  const size = partSizeFor(blob.size, setup.partSize);
  const fileHash = setup.newSha256();
  const parts: Part[] = [];
  for (let start = 0; start < blob.size; start += size) {
    const end = Math.min(blob.size, start + size);
    const hash = setup.newSha256();
    for (let at = start; at < end; at += hashChunkInBytes) {
      throwIfAborted(signal);
      const bytes = await bytesOf(blob, at, Math.min(end, at + hashChunkInBytes), options.key);
      hash.update(bytes);
      fileHash.update(bytes);
    }
    parts.push({ number: parts.length + 1, start, end, sha256: hash.digest() });
  }
  if (fileHash.digest() !== options.sha256) throw changedFile(options.key);
  return parts;
}

async function bytesOf(blob: Blob, start: number, end: number, key: string): Promise<Uint8Array> {
  try {
    const bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
    if (bytes.byteLength === end - start) return bytes;
  } catch {
    // A Blob over a file that was changed can no longer be read.
  }
  throw changedFile(key);
}
