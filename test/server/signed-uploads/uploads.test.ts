import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clip } from "../../../src/emulator/clip.ts";
import { createAtlasClient, fileLedger } from "../../../src/index.ts";
import { createHandler } from "../../../src/server/index.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { key, signedIn } from "../start-handler.ts";
import { type BucketPage, send, sha256, startBucketPage } from "./bucket-page.ts";

/* Uploads by signed requests straight to the user's own bucket, registered by the handler. */

const contentKey = `media/${sha256(clip())}.mp4`;

/** A clip with bytes behind it that belong to no box's content: a `free` box. */
function padded(size: number): Uint8Array<ArrayBuffer> {
  const original = clip();
  const out = new Uint8Array(size);
  out.set(original);
  const view = new DataView(out.buffer);
  view.setUint32(original.length, size - original.length);
  out.set(new TextEncoder().encode("free"), original.length + 4);
  for (let i = original.length + 8; i < size; i += 4096) out[i] = i / 4096;
  return out;
}

const uploadMediaCalls = ({ running }: BucketPage): number =>
  running.emulator.requests.filter(({ operation }) => operation === "upload").length;

describe("a file in one piece", () => {
  test("is registered from the key of its content, and nothing stays below incoming/", async () => {
    await using page = await startBucketPage();
    expect((await page.post("/uploads", undefined)).uploads).toEqual({ signed: true, maxBytes: 52_428_800 });
    const { status, upload } = await page.announce(clip());
    expect(status).toBe(201);
    const put = upload?.put;
    expect(put?.url).toContain("/own/media/incoming/");
    expect(put?.url).toContain("X-Amz-Expires=900&");
    if (!put || !upload) throw new Error("no put");
    await send(put, clip());
    expect(page.incoming()).toHaveLength(1);
    const { asset } = await page.register(upload.id);
    expect(asset?.uri).toMatch(/^asset:\/\//);
    expect(page.objects()).toMatchObject([
      { key: contentKey, sha256: sha256(clip()), contentType: "video/mp4" },
    ]);
    const [registered] = page.running.emulator.snapshot().assets;
    expect(registered?.url).toContain(`/own/${contentKey}?`);
    await expect
      .poll(() => page.running.emulator.snapshot().assets[0]?.outcome)
      .toEqual({ status: "Active" });
    expect(uploadMediaCalls(page)).toBe(0);
    expect(page.running.events.map(({ type }) => type)).toEqual(["uploaded", "registered"]);
  });

  test("is registered once, however often and by how many requests at once", async () => {
    await using page = await startBucketPage();
    const id = await page.upload(clip());
    const answers = await Promise.all([page.register(id), page.register(id), page.register(id)]);
    answers.push(await page.register(id));
    expect(new Set(answers.map(({ asset }) => asset?.uri)).size).toBe(1);
    expect(page.running.emulator.snapshot().assets).toHaveLength(1);
  });

  test("is still verified when the page's connection breaks, and a repeated request waits for the same work", async () => {
    let hashed = 0;
    const slow = (storage: Storage): Storage => ({
      ...storage,
      async sha256(object, options) {
        hashed += 1;
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return await storage.sha256(object, options);
      },
    });
    await using page = await startBucketPage({}, {}, slow);
    const upload = await page.upload(clip());
    const request = fetch(`${page.running.endpoint}/assets`, {
      method: "POST",
      headers: {
        ...signedIn,
        "content-type": "application/json",
        origin: new URL(page.running.endpoint).origin,
      },
      body: JSON.stringify({ upload }),
      signal: AbortSignal.timeout(700),
    });
    await expect(request).rejects.toMatchObject({ name: "TimeoutError" });
    expect((await page.register(upload)).status).toBe(201);
    expect([hashed, page.running.emulator.snapshot().assets.length]).toEqual([1, 1]);
  });

  test("is one asset per label with a ledger, and one object for all", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mp-signed-"));
    try {
      await using page = await startBucketPage({ ledger: fileLedger(join(folder, "ledger.json")) });
      const uri = async (user: string) =>
        (await page.register(await page.upload(clip(), { user }), { user })).asset?.uri;
      const ann = await uri("ann");
      expect(ann).toMatch(/^asset:\/\//);
      expect(await uri("ann")).toBe(ann);
      expect(await uri("bob")).not.toBe(ann);
      expect(page.running.emulator.snapshot().assets).toHaveLength(2);
      expect(page.objects().map(({ key }) => key)).toEqual([contentKey]);
      expect(uploadMediaCalls(page)).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("a registration whose answer was lost, repeated at another handler after the upload was removed", () => {
  const repeated = async (options: { shareAssets?: boolean }) => {
    const folder = mkdtempSync(join(tmpdir(), "mp-signed-"));
    try {
      const ledger = fileLedger(join(folder, "ledger.json"));
      const shared = { ledger, secret: "a secret of both handlers, 32 bytes", ...options };
      await using page = await startBucketPage(shared);
      const { apiBaseUrl, consoleBaseUrl } = page.running.emulator;
      const handler = createHandler({
        ...{ ...shared, storage: page.storage, authorize: () => ({ ok: true, label: "ann" }) },
        atlas: createAtlasClient({ apiKey: key, apiBaseUrl, consoleBaseUrl }),
      });
      const origin = new URL(page.running.endpoint).origin;
      const register = async (upload: string) => {
        const headers = { "content-type": "application/json", origin };
        const request = { method: "POST", headers, body: JSON.stringify({ upload }) };
        return await (await handler(new Request(`${origin}/media/assets`, request))).json();
      };
      const id = await page.upload(clip());
      const first = await page.register(id);
      const again = await register(id);
      const never = await register((await page.announce(padded(500_000))).upload?.id ?? "");
      const bob = { user: "bob" };
      const claimed = await page.register((await page.announce(clip(), {}, bob)).upload?.id ?? "", bob);
      expect(page.running.emulator.snapshot().assets).toHaveLength(1);
      return { first, again, never, claimed };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  test("gets the label's own asset from the ledger; no upload that never arrived, and no other label's asset", async () => {
    const { first, again, never, claimed } = await repeated({});
    expect(first.asset?.uri).toMatch(/^asset:/);
    expect(again.asset?.uri).toBe(first.asset?.uri);
    expect([never.error?.code, claimed.error?.code]).toEqual(["not-found", "not-found"]);
  });

  test("gets nothing where labels share assets: announcing a hash does not prove having the bytes", async () => {
    const { again, claimed } = await repeated({ shareAssets: true });
    expect([again.error?.code, claimed.error?.code]).toEqual(["not-found", "not-found"]);
  });
});

describe("a file in parts", () => {
  const MiB = 1024 * 1024;

  test("is larger than maxBytes, skips parts that arrived, and is put together by the handler", async () => {
    await using page = await startBucketPage({ maxBytes: 1000 });
    const file = padded(12 * MiB);
    const { upload } = await page.announce(file);
    expect(upload).toMatchObject({ parts: { size: 5 * MiB, count: 3 } });
    if (!upload) throw new Error("no upload");
    const sign = (part: number) =>
      page.post(`/uploads/${upload.id}`, {
        part,
        sha256: sha256(file.slice((part - 1) * 5 * MiB, part * 5 * MiB)),
      });
    const first = (await sign(1)).part?.put;
    if (!first) throw new Error("no put");
    await send(first, file.slice(0, 5 * MiB));
    expect((await sign(1)).part).toEqual({ number: 1, put: null });
    expect((await page.register(upload.id)).error?.code).toBe("not-found");
    for (const part of [2, 3]) {
      const put = (await sign(part)).part?.put;
      if (put) await send(put, file.slice((part - 1) * 5 * MiB, part * 5 * MiB));
    }
    expect((await page.register(upload.id)).status).toBe(201);
    expect(page.objects()).toMatchObject([{ key: `media/${sha256(file)}.mp4`, size: 12 * MiB }]);
  });

  test("is registered also if another handler puts the parts together at the same moment", async () => {
    const other = (storage: Storage): Storage => ({
      ...storage,
      parts: {
        ...storage.parts,
        async complete(...call) {
          await storage.parts.complete(...call);
          await storage.parts.complete(...call);
        },
      },
    });
    await using page = await startBucketPage({}, {}, other);
    const file = padded(12 * MiB);
    const { upload } = await page.announce(file);
    for (const part of [1, 2, 3]) {
      const bytes = file.slice((part - 1) * 5 * MiB, part * 5 * MiB);
      const put = (await page.post(`/uploads/${upload?.id}`, { part, sha256: sha256(bytes) })).part?.put;
      if (put) await send(put, bytes);
    }
    expect((await page.register(upload?.id ?? "")).status).toBe(201);
  });

  test("may not have other parts than its length requires", async () => {
    await using page = await startBucketPage();
    const { upload } = await page.announce(padded(12 * MiB));
    const request = async (part: unknown, hash: unknown = sha256(clip())) =>
      (await page.post(`/uploads/${upload?.id}`, { part, sha256: hash })).status;
    for (const part of [0, 4, 1.5, -1, "1", null]) expect(await request(part)).toBe(400);
    expect(await request(1, "not a hash")).toBe(400);
    expect(await request(1)).toBe(200);
    const whole = await page.announce(clip());
    expect(
      (await page.post(`/uploads/${whole.upload?.id}`, { part: 1, sha256: sha256(clip()) })).status,
    ).toBe(400);
  });
});

describe("what is refused before anything is signed", () => {
  test("sizes over the rule table, other types, and malformed announcements", async () => {
    await using page = await startBucketPage({ types: ["video"] });
    const status = async (change: object) => (await page.announce(clip(), change)).status;
    expect(await status({ size: 52_428_800 })).toBe(201);
    expect(await status({ size: 52_428_801 })).toBe(413);
    expect(await status({ type: "image", contentType: "image/png" })).toBe(422);
    for (const change of [
      { type: "text" },
      { size: 0 },
      { size: -1 },
      { size: 1.5 },
      { size: "10" },
      { sha256: sha256(clip()).toUpperCase() },
      { sha256: "../../other" },
      { sha256: null },
      { contentType: "video/mp4\r\nx-amz-acl: public-read" },
      { contentType: "video/mp4; a=b" },
      { contentType: "text/html" },
      { contentType: "image/svg+xml" },
      { name: 5 },
    ])
      expect([change, await status(change)]).toEqual([change, 400]);
    expect(page.objects()).toEqual([]);
  });

  test("a table with a higher limit allows more", async () => {
    await using page = await startBucketPage({ rules: "atlas-seedance-2.5" });
    expect((await page.announce(clip(), { size: 190_000_000 })).status).toBe(201);
    expect((await page.announce(clip(), { size: 210_000_000 })).status).toBe(413);
  });

  test("more than the label's quota, until uploads are registered", async () => {
    await using page = await startBucketPage({ uploadQuota: { files: 2, bytes: 10_000_000 } });
    const id = await page.upload(clip());
    expect((await page.announce(clip())).status).toBe(201);
    expect((await page.announce(clip())).status).toBe(429);
    expect((await page.announce(clip(), {}, { user: "bob" })).status).toBe(201);
    await page.register(id);
    expect((await page.announce(clip(), { size: 20_000_000 })).status).toBe(429);
    expect((await page.announce(clip())).status).toBe(201);
  });
});

test("bytes that are sent to the handler are put into the bucket, too", async () => {
  await using page = await startBucketPage();
  const response = await fetch(`${page.running.endpoint}/assets`, {
    method: "POST",
    body: clip(),
    headers: { ...signedIn, "content-type": "video/mp4" },
  });
  expect(response.status).toBe(201);
  expect(page.objects().map(({ key }) => key)).toEqual([contentKey]);
  expect(uploadMediaCalls(page)).toBe(0);
});
