import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Progress } from "../../src/atlas/types.ts";
import { type Answer, asset, client, endpoint, fakeServer, resetFakeServer } from "./fake-server.ts";

/* The requests that calls send to the user's own server, their retries, and how answers are handled. */

resetFakeServer();
const upload = (more: object = {}): Answer => [200, { result: { upload: { id: "u-1", ...more } } }];
const lost = new TypeError("fetch failed");

describe("uploadMedia", () => {
  it("sends the bytes with their name and type, and the caller's headers", async () => {
    fakeServer.answers = [upload({ size: 3, filename: "a.png" })];
    const file = new File(["abc"], "Übung 1.png", { type: "image/png" });
    const made = await client({ headers: { authorization: "Bearer t" } }).uploadMedia(file);
    expect(made).toEqual({
      url: `${endpoint}/uploads/u-1`,
      filename: "a.png",
      size: 3,
      type: null,
      raw: { id: "u-1", size: 3, filename: "a.png" },
    });
    expect(fakeServer.sent).toMatchObject([
      {
        url: `${endpoint}/uploads`,
        method: "POST",
        credentials: "same-origin",
        headers: {
          authorization: "Bearer t",
          accept: "application/x-ndjson",
          "content-type": "image/png",
          "x-file-name": "%C3%9Cbung%201.png",
        },
      },
    ]);
    expect(fakeServer.sent[0]?.body).toBe(file);
  });

  it("accepts bytes with a name and a type, and sends cookies on request", async () => {
    fakeServer.answers = [upload({ size: "3", filename: 7 })];
    const made = await client({ credentials: "include" }).uploadMedia(Uint8Array.of(1, 2, 3), {
      filename: "b.wav",
      contentType: "audio/wav",
    });
    expect(made).toMatchObject({ size: null, filename: null });
    expect(fakeServer.sent).toMatchObject([
      { credentials: "include", headers: { "content-type": "audio/wav", "x-file-name": "b.wav" } },
    ]);
    const { body } = fakeServer.sent[0] as { body: Blob };
    expect(new Uint8Array(await body.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("leaves out an unknown name and an unknown type", async () => {
    fakeServer.answers = [upload()];
    await client().uploadMedia(new Blob(["x"]));
    expect(fakeServer.sent[0]?.headers).toEqual({
      accept: "application/x-ndjson",
      "content-type": "application/octet-stream",
    });
  });

  it("ends with the caller's signal", async () => {
    fakeServer.answers = [upload()];
    const signal = AbortSignal.abort();
    await expect(client().uploadMedia(new Blob(["x"]), { signal })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(fakeServer.sent).toEqual([]);
  });

  it("refuses a path as a usage error", async () => {
    await expect(client().uploadMedia("/etc/hostname")).rejects.toMatchObject({
      code: "usage",
      message: "a path cannot be sent from here",
      hint: expect.stringContaining("openAsBlob"),
    });
    expect(fakeServer.sent).toEqual([]);
  });
});

describe("registerAsset", () => {
  it("sends the upload's id, its type and the asset's name, and reports the result", async () => {
    fakeServer.answers = [asset()];
    const progress: Progress[] = [];
    const headers = vi.fn(async () => ({ "x-csrf": "1" }));
    const made = await client({ headers }).registerAsset(
      { type: "Video", url: `${endpoint}/uploads/u-1`, name: "sunset" },
      { onProgress: (step) => progress.push({ ...step }) },
    );
    expect(made.id).toBe("7");
    expect(fakeServer.sent).toEqual([
      {
        url: `${endpoint}/assets`,
        method: "POST",
        credentials: "same-origin",
        headers: { "x-csrf": "1", accept: "application/json", "content-type": "application/json" },
        body: { upload: "u-1", type: "video", name: "sunset" },
      },
    ]);
    expect(progress).toEqual([{ phase: "register", loaded: 1, total: 1 }]);
  });

  it.each(["https://example.com/a.png", `x${endpoint}/uploads/u-1`, endpoint])(
    "of %s, which is no upload, is a mistake of the call",
    async (url) => {
      await expect(client().registerAsset({ type: "Image", url })).rejects.toMatchObject({
        code: "usage",
        message: "the server takes bytes only, no address",
        hint: "register what uploadMedia returned",
      });
      expect(fakeServer.sent).toEqual([]);
    },
  );
});

describe("a failed call", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  const register = (): Promise<unknown> => {
    const made = client().registerAsset({ type: "Video", url: `${endpoint}/uploads/u-1` });
    made.catch(() => {});
    return made;
  };

  it.each([
    ["the least", 0, [250, 500, 1000]],
    ["the most", 1, [500, 1000, 2000]],
  ])("is retried up to four times with growing pauses: %s", async (_, chance, pauses) => {
    vi.spyOn(Math, "random").mockReturnValue(chance);
    fakeServer.answers = [lost];
    const made = register();
    await vi.advanceTimersByTimeAsync(0);
    for (const [before, delay] of pauses.entries()) {
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(fakeServer.sent).toHaveLength(before + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(fakeServer.sent).toHaveLength(before + 2);
    }
    await expect(made).rejects.toMatchObject({
      name: "ServerClientError",
      code: "network",
      message: "the connection to the server failed",
      cause: lost,
      retryable: true,
      outcome: "unknown",
    });
    expect(fakeServer.sent).toHaveLength(4);
  });

  it.each([
    ["the connection broke", lost],
    ["the server is busy", [503, { error: { code: "rate-limited" } }]],
    ["a proxy stands in its place", [502, "<html>"]],
  ] as [string, Answer][])("has the answer of the next one: %s", async (_, failure) => {
    fakeServer.answers = [failure, asset()];
    const made = register();
    await vi.advanceTimersByTimeAsync(500);
    expect(await made).toMatchObject({ id: "7" });
    expect(fakeServer.sent).toHaveLength(2);
  });

  it("is not retried if it would fail again", async () => {
    fakeServer.answers = [[404, { error: { code: "not-found", message: "no such upload" } }]];
    await expect(register()).rejects.toMatchObject({ code: "not-found", message: "no such upload" });
    expect(fakeServer.sent).toHaveLength(1);
  });

  it("ends with the caller's signal, before a request, in it and between two", async () => {
    fakeServer.answers = [lost];
    const stopped = { code: "aborted" };
    await expect(client().getAsset("7", { signal: AbortSignal.abort() })).rejects.toMatchObject(stopped);
    expect(fakeServer.sent).toHaveLength(0);
    const stop = new AbortController();
    const under: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason), { once: true });
      });
    const during = client({ fetch: under }).getAsset("7", { signal: stop.signal });
    during.catch(() => {});
    await vi.advanceTimersByTimeAsync(0);
    stop.abort();
    await expect(during).rejects.toMatchObject(stopped);
    const later = new AbortController();
    const between = client().getAsset("7", { signal: later.signal });
    between.catch(() => {});
    await vi.advanceTimersByTimeAsync(0);
    later.abort();
    await expect(between).rejects.toMatchObject(stopped);
    expect(fakeServer.sent).toHaveLength(1);
  });
});
