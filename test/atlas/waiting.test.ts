import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { GenerateBody } from "../../src/atlas/types.ts";
import { clientOf, refusal } from "./setup.ts";

const asset = (status: string, more: object = {}) => ({
  json: { code: "200", data: { id: 7, atlas_asset_id: "atlas-asset-7", status, ...more } },
});
const prediction = (status: string, more: object = {}) => ({
  json: { code: 200, data: { id: "p1", status, ...more } },
});

describe("waitUntilActive", () => {
  it("polls through unknown statuses, outages and a first 404 until Active", async () => {
    const steps = [
      { status: 404, json: {} },
      asset("Processing"),
      asset("Archived?"),
      { status: 503, json: {} },
      "cut",
      asset("ACTIVE"),
    ] as const;
    const { client, seen } = await clientOf((_, n) => steps[n - 1] ?? asset("Active"), {
      retry: { attempts: 1 },
    });
    const polls: number[] = [];
    const done = await client.waitUntilActive("7", {
      interval: 5,
      onProgress: ({ loaded }) => polls.push(loaded),
    });
    expect(done).toMatchObject({ status: "active", uri: "asset://atlas-asset-7" });
    expect(seen).toHaveLength(6);
    expect(polls).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    ["InvalidParameter.DurationTooLong", "DurationTooLong"],
    ["FormatUnsupported", "FormatUnsupported"],
    [40012, "40012"],
    [null, null],
  ])("Failed with code %s is asset-failed with %s", async (error_code, upstreamCode) => {
    const { client } = await clientOf(() =>
      asset("Failed", { error_code, error_message: "cannot take https://b.example/x?sig=SIGNED" }),
    );
    const error = await refusal(client.waitUntilActive("7"));
    expect(error).toMatchObject({ code: "asset-failed", upstreamCode, id: "7", retryable: false });
    expect(error.message).toContain("cannot take https://b.example/x?…");
    expect(inspect(error)).not.toContain("SIGNED");
  });

  it("ends at its deadline with an error that has the id", async () => {
    for (const answer of [asset("Processing"), "never", "cut"] as const) {
      const { client } = await clientOf(() => answer);
      const begun = performance.now();
      const error = await refusal(client.waitUntilActive("7", { interval: 10, deadline: 150 }));
      expect(error).toMatchObject({ code: "timeout", id: "7", retryable: true });
      // One request alone is waited for 30 s.
      expect(performance.now() - begun).toBeLessThan(15_000);
    }
  });

  it("stops at once on a terminal error and on the caller's signal", async () => {
    const { client, seen } = await clientOf(() => ({ status: 401, json: {} }));
    expect(await refusal(client.waitUntilActive("7"))).toMatchObject({ code: "unauthorized", id: "7" });
    expect(seen).toHaveLength(1);
    const slow = await clientOf(() => asset("Processing"));
    const signal = AbortSignal.timeout(60);
    await expect(slow.client.waitUntilActive("7", { signal, interval: 60_000 })).rejects.toMatchObject({
      code: "timeout",
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 40);
    await expect(
      slow.client.waitUntilActive("7", { signal: stop.signal, interval: 60_000 }),
    ).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("lists", () => {
  const items = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      id: from + i,
      status: i % 2 ? "Active" : "processing",
      type: i % 3 ? "video" : "Image",
    }));
  const ids = async (list: AsyncIterable<{ id: string }>): Promise<string[]> => {
    const all: string[] = [];
    for await (const { id } of list) all.push(id);
    return all;
  };
  const page = (path: string): number => Number(new URLSearchParams(path.split("?")[1]).get("page_number"));

  it.each([
    [
      "items and a total",
      (n: number) => ({ items: n < 3 ? items(n * 10, 2) : [], total_count: 4, page_number: n }),
    ],
    ["list without a total", (n: number) => ({ list: n < 3 ? items(n * 10, 2) : [] })],
    ["items: null at the end", (n: number) => ({ items: n < 3 ? items(n * 10, 2) : null, total_count: "9" })],
    ["a bare array", (n: number) => (n < 3 ? items(n * 10, 2) : [])],
    ["the same page for ever", () => ({ items: [...items(10, 2), ...items(20, 2)], total_count: 1e9 })],
  ])("%s", async (_name, data) => {
    const { client, seen } = await clientOf(({ path }) => ({
      json: { code: "200", data: data(page(path)) },
    }));
    expect(await ids(client.listAssets())).toEqual(["10", "11", "20", "21"]);
    expect(seen.length).toBeLessThanOrEqual(3);
  });

  const endOf = async (list: AsyncIterable<unknown, unknown>): Promise<unknown> => {
    const iterator = list[Symbol.asyncIterator]();
    for (;;) {
      const step = await iterator.next();
      if (step.done) return step.value;
    }
  };

  it.each([
    [0, "as the total has it", (n: number) => ({ items: n < 3 ? items(n * 10, 2) : [], total_count: 4 })],
    [0, "with an empty page, without a count", (n: number) => ({ items: n < 3 ? items(n * 10, 2) : [] })],
    [5, "before the total", (n: number) => ({ items: n < 3 ? items(n * 10, 2) : null, total_count: "9" })],
    [null, "with a full page twice over", () => ({ items: items(10, 2) })],
  ])("report %j missing assets if they end %s", async (missing, _how, data) => {
    const { client } = await clientOf(({ path }) => ({ json: { code: 200, data: data(page(path)) } }));
    expect(await endOf(client.listAssets({ pageSize: 2 }))).toEqual({ missing });
  });

  it("are complete without assets that others add meanwhile, and incomplete if trashing made them skip one", async () => {
    const grown = await clientOf(({ path }) => ({
      json: {
        code: 200,
        data: { items: items(page(path) * 10, page(path) < 3 ? 2 : 0), total_count: 3 + page(path) },
      },
    }));
    expect(await endOf(grown.client.listAssets({ pageSize: 2 }))).toEqual({ missing: 0 });
    const shrunk = await clientOf(({ path }) => ({
      json: { code: 200, data: { items: items(page(path) * 10, 2), total_count: page(path) === 1 ? 5 : 4 } },
    }));
    expect(await endOf(shrunk.client.listAssets({ pageSize: 2 }))).toEqual({ missing: 1 });
  });

  it("continue behind pages that other registrations have shifted", async () => {
    const shifted: Record<number, unknown[]> = {
      1: items(10, 2),
      2: [{ id: 11 }, { id: 10 }],
      3: [{ id: 11 }, { id: 20 }],
    };
    const { client } = await clientOf(({ path }) => ({
      json: { code: 200, data: { items: shifted[page(path)] ?? [], total_count: 3 } },
    }));
    expect(await ids(client.listAssets({ pageSize: 2 }))).toEqual(["10", "11", "20"]);
  });

  it("are filtered by type and status on the client", async () => {
    const { client } = await clientOf(({ path }) => ({
      json: { code: 200, data: { items: page(path) === 1 ? items(0, 6) : [] } },
    }));
    expect(await ids(client.listAssets({ type: "Image" }))).toEqual(["0", "3"]);
    expect(await ids(client.listTrash({ type: "Video", status: "active" }))).toEqual(["1", "5"]);
  });

  it("an answer that is not a list is a protocol error, not an empty list", async () => {
    for (const data of [{}, { items: "none" }, { items: [{ name: "no id" }] }, null]) {
      const { client } = await clientOf(() => ({ json: { code: 200, data } }));
      expect(await refusal(ids(client.listAssets()))).toMatchObject({ code: "protocol" });
    }
  });
});

describe("names", () => {
  it("have 1 to 64 characters, counted as Unicode code points", async () => {
    const { client, seen } = await clientOf(() => asset("Active"));
    for (const name of ["", "  ", "x".repeat(65)])
      await expect(client.renameAsset("7", name)).rejects.toMatchObject({ code: "usage" });
    expect(seen).toHaveLength(0);
    await client.renameAsset("7", "🎬".repeat(64));
    expect(seen.map(({ method }) => method)).toEqual(["PUT", "GET"]);
  });
});

describe("generateVideo", () => {
  const sent = async (body: GenerateBody, bodyStyle?: "flat" | "input"): Promise<unknown> => {
    const { client, seen } = await clientOf(() => prediction("starting"));
    expect(await client.generateVideo(body, { bodyStyle })).toMatchObject({ id: "p1", status: "processing" });
    return JSON.parse(String(seen[0]?.body));
  };
  const body: GenerateBody = {
    model: "m",
    prompt: "data: a chart, https://x.example/video",
    reference_images: ["https://a.example/1.png", "asset://a", "data:image/png;base64,AAAA"],
    reference_videos: ["asset://v"],
    reference_audios: [],
    generate_audio: true,
    seed: undefined,
  } as GenerateBody;

  it("sends a flat body by default, a nested one on request, and no empty values", async () => {
    const { model, prompt, reference_images, reference_videos, generate_audio } = body;
    const input = { prompt, reference_images, reference_videos, generate_audio };
    expect(await sent(body)).toEqual({ model, ...input });
    expect(await sent(body, "input")).toEqual({ model, input });
  });

  it.each([
    { reference_videos: ["https://a.example/v.mp4"] },
    { reference_audios: ["asset://a", "https://a.example/a.wav"] },
    { reference_video: "https://a.example/v.mp4" },
    { reference_audio: "data:audio/wav;base64,AA" },
    { reference_videos: [""] },
    { input_video_url: "https://a.example/v.mp4" },
    { image: "data:video/mp4;base64,AA" },
    { last_image: "file:///tmp/x.png" },
    { extra: { deep: ["data:image/png;base64,AA"] } },
    { model: "" },
  ])("refuses %j before it is sent", async (more) => {
    const { client, seen } = await clientOf(() => prediction("starting"));
    await expect(client.generateVideo({ model: "m", ...more })).rejects.toMatchObject({ code: "usage" });
    expect(seen).toHaveLength(0);
  });
});

describe("waitForPrediction", () => {
  it("waits through 400 and 404 of a new id, and returns the outputs", async () => {
    const steps = [
      { status: 400, json: {} },
      { status: 404, json: {} },
      prediction("queued"),
      prediction("completed", { outputs: ["https://o.example/1", { url: "https://o.example/2" }, null] }),
    ];
    const { client } = await clientOf((_, n) => steps[n - 1] ?? "cut");
    const done = await client.waitForPrediction("p1", { interval: 5 });
    expect(done).toMatchObject({
      status: "succeeded",
      outputs: ["https://o.example/1", "https://o.example/2"],
    });
  });

  it.each(["failed", "timeout", "canceled"])("%s is prediction-failed", async (status) => {
    const { client } = await clientOf(() => prediction(status, { error: "no luck" }));
    const error = await refusal(client.waitForPrediction("p1"));
    expect(error).toMatchObject({ code: "prediction-failed", id: "p1", host: "api" });
    expect(error.message).toContain("no luck");
  });

  it("accepts an answer without an envelope", async () => {
    const { client } = await clientOf(() => ({ json: { id: "p1", status: "Succeeded", outputs: null } }));
    expect(await client.getPrediction("p1")).toMatchObject({ status: "succeeded", outputs: [] });
  });
});
