import { fromBytes } from "../../bytes/memory.ts";
import { Cursor, text } from "../cursor.ts";
import { type Box, bodyOf, eachBox } from "../isobmff/boxes.ts";

/** Bytes that are inflated at most; a compressed movie header has a few kilobytes. */
const maxBytes = 4 * 1024 * 1024;

/**
 * The moov box inside a compressed one (QuickTime File Format, "Compressed movie resources"), in a cursor of its
 * own. Null where it is compressed in another way, ends early, or is larger than 4 MiB.
 */
export async function inflateMovie(cursor: Cursor, cmov: Box): Promise<Cursor | null> {
  cursor.budget.waited();
  let zlib = false;
  let packed: Uint8Array<ArrayBuffer> | null = null;
  await eachBox(cursor, cmov, async (box) => {
    const view = await bodyOf(cursor, box, maxBytes);
    if (box.type === "dcom" && view.byteLength >= 4) zlib = text(view, 0) === "zlib";
    else if (box.type === "cmvd")
      packed = Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength).subarray(4));
  });
  const bytes = zlib && packed ? await inflate(packed) : null;
  cursor.budget.waited();
  return bytes && new Cursor(fromBytes(bytes), cursor.budget);
}

async function inflate(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
  const parts: BlobPart[] = [];
  let size = 0;
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
      size += value.byteLength;
      if (size > maxBytes) return null;
      parts.push(value);
    }
  } catch {
    return null;
  } finally {
    void reader.cancel().catch(() => {});
  }
}
