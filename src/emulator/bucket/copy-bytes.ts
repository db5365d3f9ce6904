import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { ChecksumAlgorithm } from "./checksum.ts";
import type { ByteRange } from "./operations/conditions.ts";
import { bodyHashes } from "./receive-body.ts";

/**
 * Writes files one after the other to `to`, in constant memory, and returns size and digests of all.
 * @param range of the first file; null: all of it
 */
export async function copyBytes(
  from: readonly string[],
  to: string,
  algorithm: ChecksumAlgorithm | null,
  range: ByteRange | null = null,
): Promise<{ size: number; md5: string; sha256: string; checksum: string | null }> {
  const hashes = bodyHashes(algorithm);
  const output = createWriteStream(to);
  let size = 0;
  try {
    for (const path of from)
      for await (const chunk of createReadStream(path, range ?? {}) as AsyncIterable<Buffer>) {
        size += chunk.byteLength;
        hashes.update(chunk);
        if (!output.write(chunk)) await once(output, "drain");
      }
    await new Promise<void>((resolve, reject) => {
      output.once("error", reject);
      output.end(resolve);
    });
  } catch (error) {
    output.destroy();
    await rm(to, { force: true });
    throw error;
  }
  return { size, ...hashes.digests() };
}
