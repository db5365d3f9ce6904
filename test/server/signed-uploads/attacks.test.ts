import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { clip } from "../../../src/emulator/clip.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { type As, type BucketPage, send, sha256, startBucketPage } from "./bucket-page.ts";

/* A page that lies gets nothing: no asset, no object outside incoming/, no other user's object touched. */

const noise = new Uint8Array(randomBytes(clip().length));
const contentKey = `media/${sha256(clip())}.mp4`;

const assets = ({ running }: BucketPage): number => running.emulator.snapshot().assets.length;
const keys = (page: BucketPage): string[] => page.objects().map(({ key }) => key);
const statusOf = (sending: Promise<void>): Promise<string> =>
  sending.then(
    () => "stored",
    (error: Error) => error.message.replace(/^(\d+)[\s\S]*?<Code>(\w+)[\s\S]*$/, "$1 $2"),
  );

async function announced(page: BucketPage, bytes = clip(), as: As = {}) {
  const { upload } = await page.announce(bytes, {}, as);
  if (!upload?.put) throw new Error("not signed");
  const key = decodeURIComponent(new URL(upload.put.url).pathname).slice("/own/".length);
  return { id: upload.id, put: upload.put, key };
}

describe("a page that announces one file and uploads another", () => {
  test("is refused by the bucket", async () => {
    await using page = await startBucketPage();
    const { id, put } = await announced(page);
    expect(await statusOf(send(put, noise))).toBe("400 BadDigest");
    expect(await statusOf(send(put, noise.slice(1)))).toBe("403 SignatureDoesNotMatch");
    expect(await page.register(id)).toMatchObject({ status: 404, error: { code: "not-found" } });
    expect([assets(page), keys(page)]).toEqual([0, []]);
  });

  test.each([
    ["of the same length", noise],
    ["longer by a byte", new Uint8Array([...clip(), 0])],
    ["different in the last byte", new Uint8Array([...clip().slice(0, -1), 7])],
  ])("is refused by the handler where the bucket took it: bytes %s", async (_, bytes) => {
    await using page = await startBucketPage();
    const { id, key } = await announced(page);
    await page.write(key, bytes);
    expect(await page.register(id)).toMatchObject({ status: 422 });
    expect([assets(page), keys(page)]).toEqual([0, []]);
  });

  test("is refused if the file does not pass, and the object is deleted", async () => {
    await using page = await startBucketPage();
    const answer = await page.register(await page.upload(noise));
    expect(answer).toMatchObject({ status: 422, error: { code: "refused" }, report: { verdict: "fail" } });
    expect([assets(page), keys(page)]).toEqual([0, []]);
  });
});

describe("a page that replaces its object while it is being verified", () => {
  /** Replaces the object immediately before the handler's call of one method. */
  async function swapBefore(method: "open" | "sha256" | "copy"): Promise<void> {
    let page: BucketPage | undefined;
    let swapped = 0;
    const swap = async (key: string): Promise<void> => {
      swapped += 1;
      await page?.write(key, noise);
    };
    const swapping = (storage: Storage): Storage => ({
      ...storage,
      ...(method === "open" && {
        open(object, options) {
          const source = storage.open(object, options);
          return {
            ...source,
            async read(offset, length) {
              if (swapped === 0) await swap(object.key);
              return await source.read(offset, length);
            },
          };
        },
      }),
      ...(method === "sha256" && {
        async sha256(object, options) {
          await swap(object.key);
          // As for a bucket that states no hash: the object is read.
          return await storage.sha256({ ...object, sha256: null }, options);
        },
      }),
      ...(method === "copy" && {
        async copy(from, to, options) {
          await swap(from.key);
          await storage.copy(from, to, options);
        },
      }),
    });
    await using started = await startBucketPage({}, {}, swapping);
    page = started;
    const answer = await page.register(await page.upload(clip()));
    expect(swapped).toBe(1);
    expect(answer).toMatchObject({ status: 422, error: { code: "invalid-request" } });
    expect([assets(page), keys(page)]).toEqual([0, []]);
  }

  test("before the check", () => swapBefore("open"));
  test("between the check and the hash", () => swapBefore("sha256"));
  test("between the hash and the copy", () => swapBefore("copy"));
});

describe("the key of a content", () => {
  test("cannot be written by any signature that a page gets", async () => {
    await using page = await startBucketPage();
    const { put, key } = await announced(page, noise);
    const moved = { ...put, url: put.url.replace(key, contentKey) };
    expect(await statusOf(send(moved, noise))).toBe("403 SignatureDoesNotMatch");
    const { upload } = await page.announce(noise, { name: `../../${contentKey}` });
    expect(new URL(upload?.put?.url ?? "").pathname).toMatch(/^\/own\/media\/incoming\/[0-9a-f-]{36}$/);
    expect(keys(page)).toEqual([]);
  });

  test("is not changed by who announces the hash of another file, and gives no access to it", async () => {
    await using page = await startBucketPage();
    await page.register(await page.upload(clip()));
    const { id, key } = await announced(page, clip(), { user: "eve" });
    expect(await page.register(id, { user: "eve" })).toMatchObject({ status: 404 });
    await page.write(key, noise);
    expect(await page.register(id, { user: "eve" })).toMatchObject({ status: 422 });
    expect(page.objects()).toMatchObject([{ key: contentKey, sha256: sha256(clip()) }]);
    expect(assets(page)).toBe(1);
  });

  test("is written again if its bytes do not match its name", async () => {
    await using page = await startBucketPage();
    await page.write(contentKey, noise);
    expect((await page.register(await page.upload(clip()))).status).toBe(201);
    expect(page.objects()).toMatchObject([{ key: contentKey, sha256: sha256(clip()) }]);
  });
});

describe("another user", () => {
  test("can neither register, continue nor delete an upload", async () => {
    await using page = await startBucketPage();
    const id = await page.upload(clip());
    const [key] = page.incoming();
    expect(await page.register(id, { user: "eve" })).toMatchObject({ status: 404 });
    const part = { part: 1, sha256: sha256(clip()) };
    expect(await page.post(`/uploads/${id}`, part, { user: "eve" })).toMatchObject({ status: 404 });
    const lying = await page.post("/assets", { upload: id, key, label: "ann" }, { user: "eve" });
    expect(lying).toMatchObject({ status: 404 });
    expect(page.incoming()).toEqual([key]);
    expect((await page.register(id)).status).toBe(201);
  });

  test("cannot use an altered or invented id", async () => {
    await using page = await startBucketPage();
    const id = await page.upload(clip());
    const altered = id.slice(0, 20) + (id[20] === "A" ? "B" : "A") + id.slice(21);
    for (const wrong of [altered, id.slice(0, -1), `${id}A`, "incoming", "", null])
      expect(await page.post("/assets", { upload: wrong })).toMatchObject({ status: 404 });
    const { asset } = await page.register(id);
    // The id of an asset is none of an upload, and the reverse.
    expect(await page.post("/assets", { upload: asset?.id })).toMatchObject({ status: 404 });
    expect(await page.post(`/assets/${id}`, undefined)).toMatchObject({ status: 404 });
  });
});

describe("another origin", () => {
  const other = "https://other.example";

  test("that is not allowed gets no signature, and registers nothing", async () => {
    await using page = await startBucketPage();
    const id = await page.upload(clip());
    expect(await page.announce(clip(), {}, { origin: other })).toMatchObject({ status: 403 });
    expect(await page.register(id, { origin: other })).toMatchObject({ status: 403 });
    expect(assets(page)).toBe(0);
  });

  test("that is allowed cannot use the ids of another page of the same user", async () => {
    await using page = await startBucketPage({ allowedOrigins: [other] });
    const id = await page.upload(clip());
    expect(await page.register(id, { origin: other })).toMatchObject({ status: 404 });
    expect(await page.register(id, { origin: null })).toMatchObject({ status: 404 });
    const own = await page.upload(clip(), { origin: other });
    expect((await page.register(own, { origin: other })).status).toBe(201);
  });
});

describe("a signature that is used again", () => {
  test("after registration neither changes the asset nor its object", async () => {
    await using page = await startBucketPage();
    const { id, put } = await announced(page);
    await send(put, clip());
    const first = await page.register(id);
    await send(put, clip());
    expect(await statusOf(send(put, noise))).toBe("400 BadDigest");
    expect((await page.register(id)).asset?.uri).toBe(first.asset?.uri);
    expect(assets(page)).toBe(1);
    expect(page.objects().find(({ key }) => key === contentKey)?.sha256).toBe(sha256(clip()));
  });

  test("or altered is refused by the bucket", async () => {
    await using page = await startBucketPage();
    const { put } = await announced(page);
    const alter = (from: string | RegExp, to: string) => ({ ...put, url: put.url.replace(from, to) });
    for (const changed of [
      alter("X-Amz-Expires=900", "X-Amz-Expires=90000"),
      alter(/X-Amz-Signature=./, "X-Amz-Signature=0f"),
      alter("/incoming/", "/"),
      { ...put, method: "DELETE" },
      { ...put, headers: { ...put.headers, "content-type": "text/html" } },
      { ...put, headers: { ...put.headers, "x-amz-acl": "public-read" } },
    ])
      expect(await statusOf(send(changed, clip()))).toMatch(/^403/);
    expect(keys(page)).toEqual([]);
  });
});

test("no signature and no key of the bucket is in an event, and only the page's own request has one", async () => {
  await using page = await startBucketPage();
  const id = await page.upload(clip());
  await page.register(id);
  await page.register(await page.upload(noise));
  const logged = JSON.stringify(page.running.events);
  expect(logged).not.toMatch(/X-Amz-Signature|AKIA/);
  const answers = page.running.sent.filter((text) => text.includes("X-Amz-Signature"));
  expect(answers).toHaveLength(2);
  expect(answers.every((text) => text.startsWith('{"upload"'))).toBe(true);
});
