import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Progress } from "../../../src/atlas/types.ts";
import { clip } from "../../../src/emulator/clip.ts";
import { createServerClient } from "../../../src/server-client/client.ts";
import { signedIn } from "../start-handler.ts";
import { type BucketPage, sha256, startBucketPage } from "./bucket-page.ts";

/* The page's client against the real handler and the emulator's bucket, over fetch. */

const MiB = 1024 * 1024;

/** A clip that is sent in three parts of 5 MiB. */
function inParts(): Uint8Array<ArrayBuffer> {
  const original = clip();
  const out = new Uint8Array(11 * MiB);
  out.set(original);
  const view = new DataView(out.buffer);
  view.setUint32(original.length, out.length - original.length);
  out.set(new TextEncoder().encode("free"), original.length + 4);
  out.set(randomBytes(6 * MiB), 4 * MiB);
  return out;
}

/** What a page's localStorage does. */
class MemoryStorage {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

let stored: MemoryStorage;
beforeEach(() => {
  stored = new MemoryStorage();
  vi.stubGlobal("localStorage", stored);
});
afterEach(() => vi.unstubAllGlobals());

interface Sent {
  requests: string[];
  client: ReturnType<typeof createServerClient>;
}

/** A client whose requests are seen, and may be answered before they are sent. */
function clientOf(
  page: BucketPage,
  before: (request: string) => Promise<Response | undefined> | undefined = () => undefined,
): Sent {
  const { endpoint } = page.running;
  const requests: string[] = [];
  const client = createServerClient({
    endpoint,
    headers: { ...signedIn, "x-user": "ann" },
    fetch: async (input, init) => {
      const url = new URL(String(input));
      const part = url.searchParams.get("partNumber");
      const id = /\/uploads\/[\w-]+$/.test(url.pathname)
        ? "/uploads/{id}"
        : url.pathname.replace("/media", "");
      const toBucket = url.origin !== new URL(endpoint).origin;
      const request = toBucket ? `PUT ${part ?? "whole"}` : `${init?.method} ${id}`;
      requests.push(request);
      if (toBucket) {
        expect(init?.credentials).toBe("omit");
        expect(new Headers(init?.headers).has("authorization")).toBe(false);
      }
      return (await before(request)) ?? fetch(input, init);
    },
  });
  return { requests, client };
}

const file = (bytes: Uint8Array<ArrayBuffer>) => new File([bytes], "clip.mp4", { type: "video/mp4" });

async function send({ client }: Sent, bytes: Uint8Array<ArrayBuffer>, more = {}): Promise<string | null> {
  const { url } = await client.uploadMedia(file(bytes), more);
  return (await client.registerAsset({ type: "Video", url })).uri;
}

describe("a file in one piece", () => {
  test("is announced, put and registered, with progress", async () => {
    await using page = await startBucketPage();
    const sent = clientOf(page);
    const steps: Progress[] = [];
    expect(await send(sent, clip(), { onProgress: (step: Progress) => steps.push(step) })).toMatch(/^asset:/);
    expect(sent.requests).toEqual(["GET /uploads", "POST /uploads", "PUT whole", "POST /assets"]);
    const { length } = clip();
    expect(steps.slice(0, 2)).toEqual([
      { phase: "upload", loaded: 0, total: length },
      { phase: "check", loaded: length, total: length },
    ]);
    expect(stored.items.size).toBe(0);
  });

  test("is tried again after a lost connection and a busy bucket, by the same signature", async () => {
    await using page = await startBucketPage(
      {},
      { bucketCutAfter: 1, bucketSlowDown: 2, bucketFaultsOn: ["PutObject"] },
    );
    const sent = clientOf(page);
    await send(sent, clip());
    expect(sent.requests.filter((request) => request === "POST /uploads")).toHaveLength(1);
    expect(sent.requests.filter((request) => request === "PUT whole")).toHaveLength(4);
    expect(page.running.emulator.snapshot().assets).toHaveLength(1);
  });

  test("is signed again after the signature was refused", async () => {
    await using page = await startBucketPage({}, { bucketForbidden: 1, bucketFaultsOn: ["PutObject"] });
    const sent = clientOf(page);
    await send(sent, clip());
    expect(sent.requests.filter((request) => request === "POST /uploads")).toHaveLength(2);
  });

  test("is not tried again if the bucket refuses the bytes", async () => {
    await using page = await startBucketPage();
    const sent = clientOf(page, async (request) =>
      request.startsWith("PUT") ? new Response("<Code>BadDigest</Code>", { status: 400 }) : undefined,
    );
    await expect(send(sent, clip())).rejects.toMatchObject({
      code: "changed",
      status: 400,
      retryable: false,
    });
    expect(sent.requests.filter((request) => request.startsWith("PUT"))).toHaveLength(1);
  });

  test("that does not pass is refused with the server's report", async () => {
    await using page = await startBucketPage();
    const sending = send(clientOf(page), new Uint8Array(randomBytes(5000)));
    await expect(sending).rejects.toMatchObject({ code: "refused", report: { verdict: "fail" } });
    expect(page.objects()).toEqual([]);
  });

  test("over the table's limit is not sent at all", async () => {
    await using page = await startBucketPage();
    const sent = clientOf(page);
    await expect(send(sent, new Uint8Array(53 * MiB))).rejects.toMatchObject({
      code: "too-large",
      status: 413,
    });
    expect(sent.requests).toEqual(["GET /uploads", "POST /uploads"]);
  });
});

describe("a file in parts", () => {
  test("is continued after a reload: parts that arrived are not sent again", async () => {
    await using page = await startBucketPage();
    const bytes = inParts();
    const stop = new AbortController();
    const first = clientOf(page, async (request) => {
      if (request === "PUT 2") stop.abort();
      return undefined;
    });
    await expect(send(first, bytes, { signal: stop.signal })).rejects.toMatchObject({ code: "aborted" });
    expect(stored.items.size).toBe(1);
    expect([...stored.items.values()].join()).not.toMatch(/X-Amz|partNumber|incoming/);

    const second = clientOf(page);
    expect(await send(second, bytes)).toMatch(/^asset:/);
    expect(second.requests.filter((request) => request.startsWith("PUT"))).toEqual(["PUT 2", "PUT 3"]);
    expect(second.requests.filter((request) => request === "POST /uploads")).toEqual([]);
    expect(page.objects()).toMatchObject([{ key: `media/${sha256(bytes)}.mp4` }]);
    expect([...stored.items.values()]).toEqual(["{}"]);
  });

  test("begins from the start where the upload is no longer known, or belonged to another user", async () => {
    await using page = await startBucketPage();
    const bytes = inParts();
    const other = await page.announce(bytes, {}, { user: "eve", origin: null });
    const name = `${page.running.endpoint} video ${sha256(bytes)}`;
    const { id, parts } = other.upload ?? {};
    const entry = { [name]: { id, parts, begun: Date.now() } };
    stored.setItem("media-preflight:unfinished-uploads", JSON.stringify(entry));
    const sent = clientOf(page);
    expect(await send(sent, bytes)).toMatch(/^asset:/);
    expect(sent.requests.filter((request) => request.startsWith("PUT"))).toHaveLength(3);
  });

  test("works without localStorage, and with something else in it", async () => {
    await using page = await startBucketPage();
    for (const content of ["no JSON", "null", '{"a":5}', '{"a":{"id":"x"}}']) {
      stored.setItem("media-preflight:unfinished-uploads", content);
      expect(await send(clientOf(page), inParts())).toMatch(/^asset:/);
    }
    vi.stubGlobal("localStorage", undefined);
    expect(await send(clientOf(page), inParts())).toMatch(/^asset:/);
  });

  test("sends a part again whose connection broke, and only that", async () => {
    await using page = await startBucketPage({}, { bucketCutDuring: 1, bucketFaultsOn: ["UploadPart"] });
    const sent = clientOf(page);
    expect(await send(sent, inParts())).toMatch(/^asset:/);
    expect(sent.requests.filter((request) => request.startsWith("PUT"))).toEqual([
      "PUT 1",
      "PUT 1",
      "PUT 2",
      "PUT 3",
    ]);
  });
});

test("answers that are no signed upload are a protocol error", async () => {
  await using page = await startBucketPage();
  for (const upload of [
    {},
    { id: "a b" },
    { id: "x" },
    { id: "x", put: { url: "javascript:1", method: "PUT", headers: {} } },
    { id: "x", parts: { size: 0, count: 1 } },
  ]) {
    const sent = clientOf(page, async (request) =>
      request === "POST /uploads" ? Response.json({ upload }, { status: 201 }) : undefined,
    );
    await expect(send(sent, clip())).rejects.toMatchObject({ code: "protocol" });
  }
});
