import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createS3Storage } from "../../../../src/storage/s3/s3-storage.ts";
import { s3Storage } from "../../../../src/storage/s3-storage.node.ts";
import { contentOf, startBucket } from "../../start-bucket.ts";

/* What a bucket refuses: a coded error that says what next, and never a secret. */

let started: Awaited<ReturnType<typeof startBucket>>;
beforeAll(async () => {
  started = await startBucket();
});
afterAll(() => started.emulator.close());

describe("a bucket that refuses", () => {
  test.each([
    [
      { secretAccessKey: "another-secret-of-someone-else" },
      "storage-denied",
      "SignatureDoesNotMatch",
      /AWS_SECRET_ACCESS_KEY/,
    ],
    [{ accessKeyId: "AKIANOBODY0000000000" }, "storage-denied", "InvalidAccessKeyId", /AWS_ACCESS_KEY_ID/],
    [{ bucket: "another" }, "storage-config", "NoSuchBucket", /AWS_ENDPOINT_URL_S3/],
    [{ region: "eu-west-1" }, "storage-config", "AuthorizationHeaderMalformed", /AWS_REGION=us-east-1/],
  ])("%j is %s", async (own, code, storageCode, hint) => {
    const storage = s3Storage({ ...started.settings, ...own });
    const { blob, put } = contentOf(100, storage);
    const error = await storage.put(blob, put).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: "StorageError",
      code,
      storageCode,
      hint: expect.stringMatching(hint),
      retryable: false,
    });
    const said = `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`;
    expect(said).not.toMatch(/X-Amz-Signature|Signature=|another-secret|wJalrXUtnFEMI/);
  });

  test("a clock that is wrong is named, with the bucket's time", async () => {
    const late = await startBucket({ bucket: { name: "media", now: () => Date.now() + 3_600_000 } });
    try {
      const { blob, put } = contentOf(100, late.storage);
      await expect(late.storage.put(blob, put)).rejects.toMatchObject({
        code: "storage-denied",
        storageCode: "RequestTimeTooSkewed",
        message: expect.stringContaining("clock"),
      });
    } finally {
      await late.emulator.close();
    }
  });

  test("temporary keys that expired are fetched again", async () => {
    const own = { name: "media", sessionToken: "fresh-session-token" };
    const temporary = await startBucket({ bucket: own });
    try {
      let fetched = 0;
      const { accessKeyId, secretAccessKey, sessionToken: _, ...place } = temporary.settings;
      const storage = s3Storage({
        ...place,
        credentials: () => ({
          accessKeyId: accessKeyId ?? "",
          secretAccessKey: secretAccessKey ?? "",
          sessionToken: ++fetched === 1 ? "stale-session-token" : "fresh-session-token",
        }),
      });
      const { blob, put } = contentOf(100, storage);
      expect(await storage.put(blob, put)).toEqual({ outcome: "stored" });
      expect(fetched).toBe(2);
    } finally {
      await temporary.emulator.close();
    }
  });
});

describe("a bucket that cannot be reached", () => {
  const local = {
    bucket: "media",
    accessKeyId: "AKIAEXAMPLE000000000",
    secretAccessKey: "hidden-hidden-hidden",
  };

  test("is named with its host, and ends a run", async () => {
    const storage = s3Storage({
      ...local,
      endpoint: "http://127.0.0.1:1",
      fetch: refusing,
      retry: { attempts: 2, base: 1 },
    });
    await expect(storage.stat("a.mp4")).rejects.toMatchObject({
      code: "network",
      hostUnreachable: true,
      message: expect.stringContaining("127.0.0.1:1"),
    });
  });

  test("ends after the time without progress, and at once with the signal", async () => {
    const never: typeof fetch = (_, init) =>
      new Promise((_, reject) => {
        const stop = (): void => reject(init?.signal?.reason);
        if (init?.signal?.aborted) stop();
        else init?.signal?.addEventListener("abort", stop);
      });
    const storage = s3Storage({ ...local, fetch: never, timeout: 30, retry: { attempts: 2, base: 1 } });
    await expect(storage.stat("a.mp4")).rejects.toMatchObject({ code: "timeout", retryable: true });
    const stop = new AbortController();
    const waiting = s3Storage({ ...local, fetch: never }).stat("a.mp4", { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  });

  test("what it answers is bounded, and no answer puts a secret into an error", async () => {
    const secret = "hidden-hidden-hidden";
    const echo: typeof fetch = async (url) =>
      new Response(
        `<Error><Code>Strange</Code><Message>${secret} at ${String(url)}?X-Amz-Signature=${"ab".repeat(32)}</Message></Error>`,
        { status: 400 },
      );
    const storage = createS3Storage({ ...local, fetch: echo });
    const error = await storage.parts
      .create("a.mp4", { type: "video/mp4" })
      .catch((caught: unknown) => caught);
    expect(String(error)).toContain("Strange");
    expect(String(error)).not.toMatch(/hidden-hidden|abababab/);
    const endless: typeof fetch = async () => new Response(new Uint8Array(5 * 1024 * 1024));
    await expect(
      createS3Storage({ ...local, fetch: endless }).parts.list("a.mp4", "1"),
    ).rejects.toMatchObject({
      code: "protocol",
    });
  });
});

const refusing: typeof fetch = async () => {
  throw Object.assign(new TypeError("fetch failed"), {
    cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
  });
};
