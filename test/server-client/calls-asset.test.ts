import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AtlasClient } from "../../src/atlas/types.ts";
import { asset, client, endpoint, fakeServer, resetFakeServer } from "./fake-server.ts";

/* getAsset and waitUntilActive. */

resetFakeServer();

describe("getAsset", () => {
  it("escapes the id in the URL", async () => {
    fakeServer.answers = [asset()];
    await client({ credentials: "omit" }).getAsset("a/b?c");
    expect(fakeServer.sent).toEqual([
      {
        url: `${endpoint}/assets/a%2Fb%3Fc`,
        method: "GET",
        credentials: "omit",
        headers: { accept: "application/json" },
        body: undefined,
      },
    ]);
  });

  it("returns the fields of the server's answer, and null for missing ones", async () => {
    const page = {
      id: "7",
      uri: "asset://atlas-asset-7",
      status: "failed",
      rawStatus: "Failed",
      type: "Video",
      name: "sunset",
      errorCode: "FpsTooLow",
      errorMessage: "too slow",
      notes: ["one", 2, "three"],
    };
    fakeServer.answers = [[200, { asset: page }]];
    expect(await client().getAsset("7")).toEqual({
      ...page,
      atlasAssetId: null,
      arkAssetId: null,
      url: null,
      notes: ["one", "three"],
      raw: page,
    });
    fakeServer.answers = [asset({ status: "Active?", type: "video", uri: 1, name: null, notes: "none" })];
    expect(await client().getAsset("7")).toMatchObject({
      status: "processing",
      rawStatus: null,
      type: null,
      uri: null,
      name: null,
      errorCode: null,
      errorMessage: null,
      notes: [],
    });
  });

  it.each([{}, { asset: null }, { asset: { id: "" } }, { asset: { id: 7 } }])(
    "is a coded error where the answer has no asset: %j",
    async (body) => {
      fakeServer.answers = [[200, body]];
      await expect(client().getAsset("7")).rejects.toMatchObject({
        code: "protocol",
        message: "the server answered without an asset",
        hint: "is the endpoint that of media-preflight/server?",
      });
    },
  );
});

describe("waitUntilActive", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  const waiting = (options: Parameters<AtlasClient["waitUntilActive"]>[1]): Promise<unknown> => {
    const wait = client().waitUntilActive("7", options);
    wait.catch(() => {});
    return wait;
  };
  const requestsAfter = async (milliseconds: number): Promise<number> => {
    await vi.advanceTimersByTimeAsync(milliseconds);
    return fakeServer.sent.length;
  };

  it("polls at once, after two seconds, and then at growing intervals of up to five seconds", async () => {
    fakeServer.answers = [asset()];
    const polls: (number | null)[] = [];
    const wait = waiting({
      onProgress: ({ phase, loaded, total }) => phase === "wait" && polls.push(loaded, total),
    });
    expect(await requestsAfter(0)).toBe(1);
    for (const [delay, requests] of [
      [2000, 2],
      [3000, 3],
      [4500, 4],
      [5000, 5],
      [5000, 6],
    ] as const) {
      expect(await requestsAfter(delay - 1)).toBe(requests - 1);
      expect(await requestsAfter(1)).toBe(requests);
    }
    fakeServer.answers = [asset({ status: "active" })];
    await requestsAfter(5000);
    expect(await wait).toMatchObject({ id: "7", status: "active" });
    expect(polls).toEqual([1, null, 2, null, 3, null, 4, null, 5, null, 6, null, 7, null]);
  });

  it("ends after five minutes with an error that has the id", async () => {
    fakeServer.answers = [asset()];
    const wait = waiting({});
    expect(await requestsAfter(299_499)).toBe(61);
    expect(await requestsAfter(1)).toBe(62);
    await expect(wait).rejects.toMatchObject({
      code: "timeout",
      message: "the asset is still Processing",
      hint: "wait for it later by its id",
      retryable: true,
      id: "7",
    });
  });

  it("obeys the given deadline and interval", async () => {
    fakeServer.answers = [asset()];
    const wait = waiting({ interval: 100, deadline: 100 });
    expect(await requestsAfter(100)).toBe(2);
    await expect(wait).rejects.toMatchObject({ code: "timeout" });
    expect(await requestsAfter(10_000)).toBe(2);
  });

  it.each([
    [{ errorCode: "FpsTooLow", errorMessage: "24 at least" }, "24 at least", "FpsTooLow"],
    [{ errorCode: "FpsTooLow" }, "FpsTooLow", "FpsTooLow"],
    [{}, "no reason given", null],
  ])("ends with what the service judged Failed: %j", async (more, why, upstreamCode) => {
    fakeServer.answers = [asset({ status: "failed", ...more })];
    await expect(waiting({})).rejects.toMatchObject({
      code: "asset-failed",
      message: `the service set the asset to Failed: ${why}`,
      id: "7",
      upstreamCode,
    });
  });

  it("ends with the caller's signal", async () => {
    fakeServer.answers = [asset()];
    const stop = new AbortController();
    const wait = waiting({ signal: stop.signal });
    await requestsAfter(0);
    stop.abort();
    await expect(wait).rejects.toMatchObject({ code: "aborted" });
  });
});
