import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AtlasClient } from "../../../src/atlas/types.ts";
import { createServerCalls, type ServerCalls } from "../../../src/pipeline/by-server/calls.ts";
import type { ServerClientOptions } from "../../../src/pipeline/by-server/options.ts";

/* How an asset is asked for, and waited for. */

interface Sent {
  url: string;
  method: string | undefined;
  headers: Record<string, string>;
  credentials: string | undefined;
  body: unknown;
}
type Answer = [status: number, body: unknown] | Error;

const endpoint = "https://own.example/media";
let sent: Sent[];
let answers: Answer[];
/** The server: one answer after the other, the last one for ever. */
const server: typeof fetch = async (input, init) => {
  const { method, headers, credentials, body } = init ?? {};
  const text = typeof body === "string" ? JSON.parse(body) : body;
  sent.push({ url: String(input), method, headers: { ...(headers as object) }, credentials, body: text });
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  if (answer instanceof Error || !answer) throw answer;
  return new Response(JSON.stringify(answer[1]), { status: answer[0] });
};
const client = (more: Partial<ServerClientOptions> = {}): ServerCalls =>
  createServerCalls(endpoint, { endpoint, fetch: server, ...more });
const asset = (more: object = {}): Answer => [200, { asset: { id: "7", status: "processing", ...more } }];

beforeEach(() => {
  sent = [];
  answers = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("getAsset", () => {
  it("asks by an id that is written as a part of an address", async () => {
    answers = [asset()];
    await client({ credentials: "omit" }).getAsset("a/b?c");
    expect(sent).toEqual([
      {
        url: `${endpoint}/assets/a%2Fb%3Fc`,
        method: "GET",
        credentials: "omit",
        headers: { accept: "application/json" },
        body: undefined,
      },
    ]);
  });

  it("gives what the server tells of an asset, and null for the rest", async () => {
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
    answers = [[200, { asset: page }]];
    expect(await client().getAsset("7")).toEqual({
      ...page,
      atlasAssetId: null,
      arkAssetId: null,
      url: null,
      notes: ["one", "three"],
      raw: page,
    });
    answers = [asset({ status: "Active?", type: "video", uri: 1, name: null, notes: "none" })];
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
      answers = [[200, body]];
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
  const askedAfter = async (milliseconds: number): Promise<number> => {
    await vi.advanceTimersByTimeAsync(milliseconds);
    return sent.length;
  };

  it("asks at once, after two seconds, and ever more seldom up to five seconds", async () => {
    answers = [asset()];
    const polls: (number | null)[] = [];
    const wait = waiting({
      onProgress: ({ phase, loaded, total }) => phase === "wait" && polls.push(loaded, total),
    });
    expect(await askedAfter(0)).toBe(1);
    for (const [pause, asked] of [
      [2000, 2],
      [3000, 3],
      [4500, 4],
      [5000, 5],
      [5000, 6],
    ] as const) {
      expect(await askedAfter(pause - 1)).toBe(asked - 1);
      expect(await askedAfter(1)).toBe(asked);
    }
    answers = [asset({ status: "active" })];
    await askedAfter(5000);
    expect(await wait).toMatchObject({ id: "7", status: "active" });
    expect(polls).toEqual([1, null, 2, null, 3, null, 4, null, 5, null, 6, null, 7, null]);
  });

  it("gives up after five minutes, and says by which id to go on", async () => {
    answers = [asset()];
    const wait = waiting({});
    expect(await askedAfter(299_499)).toBe(61);
    expect(await askedAfter(1)).toBe(62);
    await expect(wait).rejects.toMatchObject({
      code: "timeout",
      message: "the asset is still Processing",
      hint: "wait for it later by its id",
      retryable: true,
      id: "7",
    });
  });

  it("waits as long and as often as it is told to", async () => {
    answers = [asset()];
    const wait = waiting({ interval: 100, deadline: 100 });
    expect(await askedAfter(100)).toBe(2);
    await expect(wait).rejects.toMatchObject({ code: "timeout" });
    expect(await askedAfter(10_000)).toBe(2);
  });

  it.each([
    [{ errorCode: "FpsTooLow", errorMessage: "24 at least" }, "24 at least", "FpsTooLow"],
    [{ errorCode: "FpsTooLow" }, "FpsTooLow", "FpsTooLow"],
    [{}, "no reason given", null],
  ])("ends with what the service judged Failed: %j", async (more, why, upstreamCode) => {
    answers = [asset({ status: "failed", ...more })];
    await expect(waiting({})).rejects.toMatchObject({
      code: "asset-failed",
      message: `the service judged the asset Failed: ${why}`,
      id: "7",
      upstreamCode,
    });
  });

  it("ends with the caller's signal", async () => {
    answers = [asset()];
    const stop = new AbortController();
    const wait = waiting({ signal: stop.signal });
    await askedAfter(0);
    stop.abort();
    await expect(wait).rejects.toMatchObject({ code: "aborted" });
  });
});
