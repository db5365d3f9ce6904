import { afterAll, beforeAll, expect, test } from "vitest";
import { contentOf, mebibyte, sha256Of, startBucket } from "./start-bucket.ts";

/* Uploads that somebody without keys may make: bound to one key, length, type and checksum, for a while. */

let started: Awaited<ReturnType<typeof startBucket>>;
beforeAll(async () => {
  started = await startBucket();
});
afterAll(() => started.emulator.close());

const send = async (url: string, headers: Readonly<Record<string, string>>, body: Uint8Array<ArrayBuffer>) =>
  (await fetch(url, { method: "PUT", headers: { ...headers }, body })).status;

test("a signed PUT takes what was signed and nothing else", async () => {
  const { storage } = started;
  const { bytes, sha256 } = contentOf(10_000, storage);
  const body = new Uint8Array(bytes);
  const key = `${storage.incoming}one`;
  const { url, method, headers, expiresAt } = await storage.presignPut(key, {
    type: "video/mp4",
    size: 10_000,
    sha256,
  });
  expect(method).toBe("PUT");
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(900_000);
  expect(Object.keys(headers).sort()).toEqual(["content-type", "x-amz-checksum-sha256"]);
  const longer = new Uint8Array([...body, 0]);
  const other = Uint8Array.from(body, (byte) => byte ^ 1);
  expect(await send(url, headers, longer)).toBe(403);
  expect(await send(url, { ...headers, "content-type": "text/html" }, body)).toBe(403);
  expect(await send(url.replace("incoming/one", "incoming/two"), headers, body)).toBe(403);
  expect(await send(url, headers, other)).toBe(400);
  expect(await storage.stat(key)).toBeNull();
  expect(await send(url, headers, body)).toBe(200);
  expect(await storage.stat(key)).toMatchObject({ sha256, size: 10_000, contentType: "video/mp4" });
});

test("signed parts make one object, whose hash is read once", async () => {
  const { storage } = started;
  const { bytes, sha256 } = contentOf(7 * mebibyte, storage);
  const key = `${storage.incoming}parts`;
  const id = await storage.parts.create(key, { type: "video/mp4" });
  const size = storage.parts.partSize(bytes.byteLength);
  for (let number = 1, at = 0; at < bytes.byteLength; number++, at += size) {
    const part = new Uint8Array(bytes.subarray(at, at + size));
    const signed = { number, size: part.byteLength, sha256: sha256Of(part) };
    const { url, headers } = await storage.parts.presignPart(key, id, signed);
    expect(
      await send(
        url,
        headers,
        Uint8Array.from(part, (byte) => byte ^ 1),
      ),
    ).toBe(400);
    expect(await send(url, headers, part)).toBe(200);
  }
  const parts = await storage.parts.list(key, id);
  expect(parts?.map(({ number, size }) => [number, size])).toEqual([
    [1, 5 * mebibyte],
    [2, 2 * mebibyte],
  ]);
  await storage.parts.complete(key, id, parts ?? []);
  const object = await storage.stat(key);
  expect(object && (await storage.sha256(object))).toBe(sha256);
  expect(await storage.parts.list(key, id)).toBeNull();
  await storage.parts.abort(key, id);
});

test("an address is for GET alone, and for its key alone", async () => {
  const { storage } = started;
  const { blob, put, key } = contentOf(1000, storage);
  await storage.put(blob, put);
  const { url } = await storage.address(key, { expiresIn: 3_600_000 });
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(url, { method: "HEAD" })).status).toBe(403);
  expect((await fetch(url.replace(".mp4", ".mov"))).status).toBe(403);
});
