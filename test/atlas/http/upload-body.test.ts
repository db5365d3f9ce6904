import { expect, test } from "vitest";
import { multipart } from "../../../src/atlas/http/multipart.ts";
import { blobBody, checkReceivedSize, streamBody } from "../../../src/atlas/http/upload-body.ts";

/** A Blob that claims another size than it has, as a composed Blob does under Bun, or a file that changed. */
class LyingBlob extends Blob {
  override get size(): number {
    return 1000;
  }
}

const options = { signal: new AbortController().signal, rateLimit: null, onBytes() {}, onWait() {} };

test("a stream has the bytes of the Blob, and reports those of the file", async () => {
  const body = multipart(new Blob([new Uint8Array(200_000).fill(5)]), "a.bin", "application/octet-stream");
  const seen: number[] = [];
  const stream = streamBody(body, { ...options, onBytes: (bytes) => seen.push(bytes) });
  const streamed = new Uint8Array(await new Response(stream).arrayBuffer());
  expect(streamed.byteLength).toBe(body.size);
  expect(Buffer.compare(streamed, new Uint8Array(await blobBody(body).arrayBuffer()))).toBe(0);
  expect(seen.at(-1)).toBe(200_000);
});

test("a stream with fewer bytes than declared fails", async () => {
  const stream = streamBody(multipart(new LyingBlob(["short"]), "a", "a/b"), options);
  await expect(new Response(stream).arrayBuffer()).rejects.toThrow("5 bytes instead of 1000");
});

test("a Blob that lost its parts is refused before it is sent", () => {
  const body = { ...multipart(new Blob(["file"]), "a", "a/b"), size: 3_000_008 };
  expect(() => blobBody(body)).toThrow(/instead of 3000008/);
});

test("the size in the answer has to be that of the file, if there is one", () => {
  checkReceivedSize(null, 5);
  checkReceivedSize(5, 5);
  expect(() => checkReceivedSize(8, 5)).toThrow();
});
