import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAtlasClient } from "../../src/atlas/client.node.ts";
import { fileLedger, push, submit } from "../../src/index.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { ffmpegInstalled } from "../fix/tools.ts";
import { sha256Of, startBucket } from "../storage/start-bucket.ts";
import { wav } from "./crash/wav.ts";

/* Files by way of the user's own bucket: checked, put, registered by a signed address; the ledger keeps the key. */

let started: Awaited<ReturnType<typeof startBucket>>;
let folder: string;
const bytes = wav(2.5, 1);
const sha256 = sha256Of(bytes);
const key = `clips/${sha256}.wav`;

beforeEach(async () => {
  started = await startBucket();
  folder = await mkdtemp(join(tmpdir(), "submit-storage-"));
  await writeFile(join(folder, "rain.wav"), bytes);
});
afterEach(async () => {
  await started.emulator.close();
  await rm(folder, { recursive: true, force: true });
});

const path = (name = "rain.wav"): string => join(folder, name);
const ledgerPath = (): string => join(folder, "ledger.json");
function options(storage: Storage = started.storage) {
  const { apiBaseUrl, consoleBaseUrl } = started.emulator;
  const atlas = createAtlasClient({
    apiKey: "test",
    apiBaseUrl,
    consoleBaseUrl,
    retry: { base: 5, cap: 20 },
  });
  return {
    atlas,
    storage,
    ledger: fileLedger(ledgerPath()),
    crossCheck: "never",
    interval: 10,
    recovery: { betweenSearches: 50, afterRequest: 200 },
  } as const;
}
const operations = (): string[] => started.log.map(({ operation }) => String(operation));
const entries = async (): Promise<Record<string, unknown>[]> =>
  JSON.parse(await readFile(ledgerPath(), "utf8")).entries;

describe("submit with a storage", () => {
  test("puts the file, registers a signed address, and records the key without a signature", async () => {
    const asset = await submit(path(), options());
    expect(asset).toMatchObject({ status: "active", reused: false });
    expect(started.emulator.snapshot().objects.map((object) => object.key)).toEqual([key]);
    expect(started.emulator.snapshot().assets[0]?.url).toMatch(/X-Amz-Signature=/);
    expect(operations()).not.toContain("upload");
    expect(await entries()).toEqual([expect.objectContaining({ step: "active", storageKey: key })]);
    expect(await readFile(ledgerPath(), "utf8")).not.toMatch(/X-Amz|Signature/);
    expect(JSON.stringify(asset)).not.toMatch(/X-Amz|Signature/);
    expect(asset.url).toMatch(new RegExp(`/media/${key}$`));
  });

  test("changes nothing the second time, and sends nothing to the bucket", async () => {
    const first = await submit(path(), options());
    const before = started.log.length;
    const second = await submit(path(), options());
    expect(second).toMatchObject({ id: first.id, reused: true });
    const made = started.log.slice(before);
    expect(made.filter(({ host, method }) => host === "bucket" || method !== "GET")).toEqual([]);
  });

  test("never lets a file that fails reach the bucket", async () => {
    await writeFile(path("short.wav"), wav(1, 2));
    await expect(submit(path("short.wav"), options())).rejects.toMatchObject({ code: "refused" });
    expect(started.log).toEqual([]);
  });

  test("signs again when it resumes, without sending the file again", async () => {
    const stop = new AbortController();
    const { storage } = started;
    const stopping: Storage = {
      ...storage,
      async put(source, given) {
        const result = await storage.put(source, given);
        stop.abort();
        return result;
      },
    };
    await expect(submit(path(), { ...options(stopping), signal: stop.signal })).rejects.toMatchObject({
      code: "aborted",
    });
    const asset = await submit(path(), options());
    expect(asset.status).toBe("active");
    expect(operations().filter((name) => name === "PutObject")).toHaveLength(1);
    expect(started.emulator.snapshot().assets).toHaveLength(1);
  });

  test.each([{}, { bareAssets: true }])(
    "finds a registration whose answer was lost, by the object's address or not at all: %j",
    async (shown) => {
      started.emulator.set({ cutAfter: 1, faultsOn: ["register"], ...shown });
      const result = await submit(path(), options()).catch((error: unknown) => error);
      if ("bareAssets" in shown) expect(result).toMatchObject({ code: "outcome-unknown" });
      else expect(result).toMatchObject({ status: "active" });
      expect(started.emulator.snapshot().assets).toHaveLength(1);
    },
  );

  test("refuses keys that end before the service may have fetched the file, and sends nothing", async () => {
    const { accessKeyId = "", secretAccessKey = "", sessionToken: _, ...place } = started.settings;
    const { s3Storage } = await import("../../src/storage/s3-storage.node.ts");
    const storage = s3Storage({
      ...place,
      credentials: () => ({ accessKeyId, secretAccessKey, expiration: new Date(Date.now() + 20 * 60_000) }),
    });
    await expect(submit(path(), options(storage))).rejects.toMatchObject({ code: "storage-denied" });
    expect(started.log).toEqual([]);
  });

  test("sends nothing of a file that changes after it was checked", async () => {
    const { storage } = started;
    const replacing: Storage = {
      ...storage,
      async put(source, given) {
        await writeFile(path(), wav(2.5, 99));
        return await storage.put(source, given);
      },
    };
    await expect(submit(path(), options(replacing))).rejects.toMatchObject({ code: "changed" });
    expect(started.emulator.snapshot().assets).toEqual([]);
    for (const object of started.emulator.snapshot().objects)
      expect(object.key).toBe(`clips/${object.sha256}.wav`);
  });
});

describe("an object of the bucket", () => {
  test("is checked by ranges and registered where it is, once", async () => {
    await started.storage.put(new Blob([bytes]), {
      key: "clips/own name.wav",
      type: "audio/wav",
      size: bytes.length,
      sha256,
    });
    const before = started.log.length;
    const asset = await submit("s3://media/clips/own name.wav", options());
    expect(asset).toMatchObject({
      status: "active",
      reused: false,
      report: { verdict: "pass", facts: { format: "wav" } },
    });
    const made = started.log.slice(before).map(({ operation }) => operation);
    expect(made).not.toContain("PutObject");
    expect(made).toContain("GetObject");
    expect(await submit("s3://media/clips/own name.wav", options())).toMatchObject({
      id: asset.id,
      reused: true,
    });
    // The bucket states its SHA-256: the same bytes from this machine are the same asset.
    expect(await submit(path(), options())).toMatchObject({ id: asset.id, reused: true });
  });

  test("that fails is not registered", async () => {
    const short = wav(1, 3);
    await started.storage.put(new Blob([short]), {
      key: "clips/short.wav",
      type: "audio/wav",
      size: short.length,
      sha256: sha256Of(short),
    });
    await expect(submit("s3://media/clips/short.wav", options())).rejects.toMatchObject({ code: "refused" });
    expect(started.emulator.snapshot().assets).toEqual([]);
  });

  test.each([
    "s3://media/other.wav",
    "s3://another/clips/a.wav",
    "s3://media/clips/incoming/a.wav",
    "s3://media/clips/",
  ])("%s is refused: it is not the storage's", async (address) => {
    await expect(submit(address, options())).rejects.toMatchObject({ code: "usage" });
    expect(started.log).toEqual([]);
  });
});

test("a public base URL is registered in place of a signed address", async () => {
  await started.emulator.close();
  started = await startBucket({ bucket: { name: "media", publicRead: true } });
  const { s3Storage } = await import("../../src/storage/s3-storage.node.ts");
  const publicBaseUrl = `${started.settings.endpoint}/media/`;
  const asset = await submit(path(), options(s3Storage({ ...started.settings, publicBaseUrl })));
  expect(asset).toMatchObject({ status: "active", url: `${publicBaseUrl}${key}` });
  expect(await entries()).toEqual([
    expect.objectContaining({ storageKey: key, url: `${publicBaseUrl}${key}` }),
  ]);
});

test.skipIf(!ffmpegInstalled)(
  "push with fix (needs ffmpeg) puts the fixed copy under the key of its own bytes",
  async () => {
    await writeFile(path("long.wav"), wav(17, 5));
    await rm(path());
    const { ledger, ...rest } = options();
    const files = [{ input: path("long.wav"), file: "long.wav" }];
    const summary = await push(files, { ...rest, ledger, fix: true });
    expect(summary).toMatchObject({ active: 1, uploaded: 1 });
    const [object] = started.emulator.snapshot().objects;
    expect(object?.key).toMatch(new RegExp(`^clips/${object?.sha256}\\.`));
    expect(object?.sha256).not.toBe(sha256Of(wav(17, 5)));
    expect((await push(files, { ...rest, ledger, fix: true })).reused).toBe(1);
    expect(operations()).not.toContain("upload");
  },
);

test("limitRate bounds what goes into the bucket", async () => {
  // 56 kB, in pieces of 16 KiB: the last one waits for the time of the three before it.
  await writeFile(path(), wav(14, 1));
  const began = performance.now();
  await push([{ input: path(), file: "rain.wav" }], { ...options(), limitRate: 100_000 });
  expect(performance.now() - began).toBeGreaterThan(480);
});
