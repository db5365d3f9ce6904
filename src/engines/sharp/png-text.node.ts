import { open } from "node:fs/promises";
import { MediaPreflightError } from "../../errors.ts";

/*
 * libvips keeps the text of a PNG in memory, inflated, and limits each chunk but not their number (seen with libvips 8.18:
 * 500 chunks in 3.6 MB of file took 4.3 GB). So the most that they can inflate to is bounded before it opens the file.
 */

/** Bytes that libpng inflates one chunk to: PNG_USER_CHUNK_MALLOC_MAX of libpng 1.6. */
const maxChunkBytes = 8_000_000;
/** The most that deflate compresses: "Technical Details" of zlib. */
const maxRatio = 1032;
const maxTextBytes = 256 * 2 ** 20;
const maxChunks = 100_000;
const signature = "\x89PNG\r\n\x1a\n";

/**
 * PNG 3rd edition, 5.3 and 11.3.3.
 * @throws MediaPreflightError `engine-failed` if `path` is a PNG whose compressed text may need too much memory
 */
export async function requireBoundedText(path: string): Promise<void> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(8);
    const readHead = async (at: number): Promise<boolean> =>
      (await file.read(head, 0, 8, at)).bytesRead === 8;
    if (!(await readHead(0)) || head.toString("latin1") !== signature) return;
    let textBytes = 0;
    let chunks = 0;
    for (let at = 8; await readHead(at); at += 12 + head.readUInt32BE(0)) {
      const type = head.toString("latin1", 4);
      if (type === "zTXt" || type === "iTXt")
        textBytes += Math.min(maxChunkBytes, head.readUInt32BE(0) * maxRatio);
      if (++chunks > maxChunks || textBytes > maxTextBytes)
        throw new MediaPreflightError("engine-failed", "the text in this PNG may need too much memory", {
          hint: "remove its metadata, for example with exiftool -all=",
        });
      if (type === "IEND") return;
    }
  } finally {
    await file.close();
  }
}
