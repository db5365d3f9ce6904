import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { s3Storage } from "../../../../src/storage/s3-storage.node.ts";
import { contentOf, mebibyte, sha256Of, startBucket } from "../../start-bucket.ts";

/* What is put into a bucket that verifies signatures, lengths and checksums: once, and only what was checked. */

let stop: (() => Promise<void>) | null = null;
afterEach(async () => {
  await stop?.();
  stop = null;
});

async function bucket(...given: Parameters<typeof startBucket>) {
  const started = await startBucket(...given);
  stop = () => started.emulator.close();
  return started;
}

const objectsOf = ({ emulator }: Awaited<ReturnType<typeof startBucket>>) =>
  emulator.snapshot().objects.map(({ key, sha256, contentType }) => ({ key, sha256, contentType }));

describe("a file that is sent in one request", () => {
  test("is stored under the key of its content with its type, and is not sent again", async () => {
    const started = await bucket();
    const { storage, operations } = started;
    const { blob, put, sha256, key } = contentOf(200_000, storage);
    const progress: number[] = [];
    expect(await storage.put(blob, { ...put, onProgress: ({ loaded }) => progress.push(loaded) })).toEqual({
      outcome: "stored",
    });
    expect(await storage.put(blob, put)).toEqual({ outcome: "present" });
    expect(objectsOf(started)).toEqual([{ key: `clips/${sha256}.mp4`, sha256, contentType: "video/mp4" }]);
    expect(key).toBe(`clips/${sha256}.mp4`);
    expect(operations().filter((name) => name === "PutObject")).toHaveLength(1);
    expect(progress.at(-1)).toBe(200_000);
    expect(await storage.stat(key)).toMatchObject({ size: 200_000, sha256, contentType: "video/mp4" });
  });

  test("that was stored although the answer was lost is found by its size and checksum", async () => {
    const started = await bucket({ bucketCutAfter: 1, bucketFaultsOn: ["PutObject"] });
    const { blob, put } = contentOf(70_000, started.storage);
    expect(await started.storage.put(blob, put)).toEqual({ outcome: "present" });
    expect(started.log.filter(({ status }) => status === 412)).toHaveLength(1);
    expect(objectsOf(started)).toHaveLength(1);
  });

  test("is sent again after 503 SlowDown and after a connection that broke in the middle", async () => {
    const started = await bucket({ bucketSlowDown: 1, bucketCutDuring: 1, bucketFaultsOn: ["PutObject"] });
    const { blob, put } = contentOf(300_000, started.storage);
    expect(await started.storage.put(blob, put)).toEqual({ outcome: "stored" });
    expect(started.log.flatMap(({ fault }) => fault ?? [])).toHaveLength(2);
  });

  test("is not stored if its bytes are not those that were checked", async () => {
    const started = await bucket();
    const { storage } = started;
    const { put } = contentOf(50_000, storage);
    const other = contentOf(50_000, storage).blob;
    await expect(storage.put(other, put)).rejects.toMatchObject({ code: "changed" });
    await expect(storage.put(other.slice(1), put)).rejects.toMatchObject({ code: "changed" });
    expect(objectsOf(started)).toEqual([]);
  });

  test("never stands for other bytes under its key, whether their size or their checksum differs", async () => {
    const started = await bucket();
    const { storage } = started;
    for (const size of [50_000, 50_001]) {
      const { blob, put } = contentOf(50_000, storage);
      const other = contentOf(size, storage);
      await storage.put(other.blob, { ...other.put, key: put.key });
      await expect(storage.put(blob, put)).rejects.toMatchObject({ code: "storage-mismatch", key: put.key });
    }
  });

  test("may be put with keys that can only write", async () => {
    const started = await bucket({
      bucketForbidden: Number.POSITIVE_INFINITY,
      bucketFaultsOn: ["HeadObject", "GetObject"],
    });
    const { blob, put } = contentOf(20_000, started.storage);
    expect(await started.storage.put(blob, put)).toEqual({ outcome: "stored" });
  });
});

describe("a file that is sent in parts", () => {
  test("streams from disk, and its object is recognised by the checksums of its parts", async () => {
    const started = await bucket();
    const { storage, operations } = started;
    const { bytes, put, sha256, key } = contentOf(11 * mebibyte + 5, storage);
    const path = join(tmpdir(), `media-preflight-put-${process.pid}.bin`);
    await writeFile(path, bytes);
    expect(await storage.put(path, put)).toEqual({ outcome: "stored" });
    expect(await storage.put(path, put)).toEqual({ outcome: "present" });
    expect(operations().filter((name) => name === "UploadPart")).toHaveLength(3);
    expect(operations()).not.toContain("GetObject");
    const stored = await storage.stat(key);
    expect(stored).toMatchObject({ sha256: null, compositeSha256: expect.stringMatching(/=-3$/) });
    expect(stored && (await storage.sha256(stored))).toBe(sha256);
  });

  test("leaves no parts where another writer made the object meanwhile", async () => {
    const { storage, settings, operations } = await bucket();
    const { blob, put } = contentOf(12 * mebibyte, storage);
    const inOneRequest = s3Storage({ ...settings, multipartAbove: 20 * mebibyte });
    let others = 0;
    const racing: typeof fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      const completes = init?.method === "POST" || (input instanceof Request && input.method === "POST");
      if (completes && url.includes("uploadId=") && ++others === 1) await inOneRequest.put(blob, put);
      return await fetch(input, init);
    };
    expect(await s3Storage({ ...settings, fetch: racing }).put(blob, put)).toEqual({ outcome: "present" });
    expect(others).toBe(1);
    expect(operations().at(-1)).not.toBe("CompleteMultipartUpload");
    expect(operations()).toContain("AbortMultipartUpload");
  });

  test("continues with the parts that are there, after a process that stopped", async () => {
    const started = await bucket();
    const { storage, operations, log } = started;
    const { blob, put } = contentOf(12 * mebibyte, storage);
    const stop = new AbortController();
    const onProgress = ({ loaded }: { loaded: number }): void => {
      if (loaded > 6 * mebibyte) stop.abort();
    };
    await expect(storage.put(blob, { ...put, onProgress, signal: stop.signal })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(await storage.put(blob, put)).toEqual({ outcome: "stored" });
    const parts = log.filter(({ operation, status }) => operation === "UploadPart" && status === 200);
    expect(parts).toHaveLength(3);
    expect(operations().filter((name) => name === "CreateMultipartUpload")).toHaveLength(1);
    expect(objectsOf(started)).toHaveLength(1);
  });

  test.each([{ bucketCutAfter: 1 }, { bucketErrorIn200: 1 }, { bucketSlowDown: 2 }])(
    "is stored once although its completion met %j",
    async (faults) => {
      const started = await bucket({ ...faults, bucketFaultsOn: ["CompleteMultipartUpload"] });
      const { blob, put, sha256, key } = contentOf(6 * mebibyte, started.storage);
      await started.storage.put(blob, put);
      expect(objectsOf(started)).toEqual([{ key, sha256, contentType: "video/mp4" }]);
    },
  );

  test("is aborted if the file is not the one that was checked", async () => {
    const started = await bucket();
    const { put } = contentOf(6 * mebibyte, started.storage);
    const { blob } = contentOf(6 * mebibyte, started.storage);
    await expect(started.storage.put(blob, put)).rejects.toMatchObject({ code: "changed" });
    expect(objectsOf(started)).toEqual([]);
    expect(started.operations()).not.toContain("UploadPart");
  });
});

describe("an object", () => {
  test("is read by ranges as long as it is the same", async () => {
    const { storage } = await bucket();
    const { blob, bytes, put, key } = contentOf(100_000, storage);
    await storage.put(blob, put);
    const found = await storage.stat(key);
    if (!found) throw new Error("it is not there");
    const source = storage.open(found);
    expect(sha256Of(await source.read(90_000, 20_000))).toBe(sha256Of(bytes.subarray(90_000)));
    expect((await source.read(100_000, 5)).byteLength).toBe(0);
    await expect(storage.open({ ...found, etag: '"another"' }).read(0, 10)).rejects.toMatchObject({
      code: "changed",
    });
  });

  test("is copied to a content key only while it has its ETag, and only if the bytes are right", async () => {
    const { storage, settings } = await bucket();
    const { blob, bytes, sha256 } = contentOf(100_000, storage);
    const from = `${storage.incoming}upload-1`;
    const to = storage.keyOf({ sha256, extension: "mp4" });
    await storage.put(blob, { key: from, type: "video/mp4", size: bytes.byteLength, sha256 });
    const found = await storage.stat(from);
    if (!found) throw new Error("it is not there");
    const copy = { type: "video/mp4", sha256 };
    await expect(storage.copy({ ...found, etag: '"another"' }, to, copy)).rejects.toMatchObject({
      code: "changed",
    });
    expect(await storage.stat(to)).toBeNull();
    await storage.copy(found, to, copy);
    await storage.copy(found, to, copy);
    expect(await storage.stat(to)).toMatchObject({ sha256, contentType: "video/mp4" });
    await expect(
      storage.copy(found, "clips/wrong.mp4", { ...copy, sha256: "0".repeat(64) }),
    ).rejects.toMatchObject({
      code: "storage-mismatch",
    });
    expect(settings.prefix).toBe("clips/");
  });

  test("is deleted below incoming/ only", async () => {
    const { storage } = await bucket();
    const { blob, put, key } = contentOf(1000, storage);
    await storage.put(blob, put);
    for (const other of [key, "clips/incoming/", "clips/incoming/../x", "incoming/x"])
      await expect((async () => storage.remove(other))()).rejects.toMatchObject({ code: "usage" });
    await storage.remove(`${storage.incoming}never-there`);
    expect(await storage.stat(key)).not.toBeNull();
  });
});
