import { afterEach, describe, expect, test } from "vitest";
import { createAtlasClient } from "../../src/atlas/client.node.ts";
import type { AtlasClient } from "../../src/atlas/types.ts";
import { clip } from "../../src/emulator/clip.ts";
import { type RunningEmulator, startEmulator, type Toggles } from "../../src/emulator/index.ts";
import { form, type Json, key, request } from "./wire.ts";

/* Behaviour of real clients and servers (observed 2026-11), tested with plain requests and with this package's client. */

let emulator: RunningEmulator;
afterEach(() => emulator.close());

async function start(toggles: Partial<Toggles> = {}): Promise<AtlasClient> {
  emulator = await startEmulator({ processingMs: 0, ...toggles });
  const { apiBaseUrl, consoleBaseUrl } = emulator;
  return createAtlasClient({ apiKey: key, apiBaseUrl, consoleBaseUrl, retry: { base: 5, cap: 20 } });
}
const generate = { model: "m", prompt: "a boat" };
const fast = { interval: 5, deadline: 10_000 };

describe("paths that official clients use", () => {
  test("models without a key, on both hosts, each with a schema that can be fetched", async () => {
    await start();
    for (const base of [emulator.apiBaseUrl, emulator.consoleBaseUrl]) {
      for (const path of [`${base}/models`, `${new URL(base).origin}/models`]) {
        const { status, body } = await request(path, { key: null });
        const [model] = body.data as { schema: string; model: string }[];
        expect([status, model?.model]).toEqual([200, "bytedance/seedance-2.0/text-to-video"]);
        expect((await fetch(String(model?.schema))).status).toBe(200);
      }
    }
  });

  test("the balance with a key", async () => {
    await start();
    const url = `${new URL(emulator.apiBaseUrl).origin}/public/v1/balance`;
    const amount = { value: expect.stringMatching(/^\d+\.\d\d$/), currency: "usd" };
    expect((await request(url)).body).toEqual({ available: amount, cash: amount, bonus: amount });
    expect((await request(url, { key: null })).status).toBe(401);
  });

  test("trailing slashes, with a body too", async () => {
    await start();
    const upload = await request(`${emulator.apiBaseUrl}/model/uploadMedia/`, {
      method: "POST",
      body: form(clip()),
    });
    expect(upload.status).toBe(200);
    const json = { type: "Video", url: upload.data.download_url };
    const { data } = await request(`${emulator.consoleBaseUrl}/sd/assets/`, { method: "POST", json });
    expect((await request(`${emulator.consoleBaseUrl}/sd/assets/${data.id}/`)).data.id).toBe(data.id);
    expect(emulator.requests.map(({ operation }) => operation)).toEqual(["upload", "register", "get"]);
  });

  test("the console by its host name, on the port of the api", async () => {
    await start();
    const { port } = new URL(emulator.apiBaseUrl);
    const answer = await emulator.fetch(`http://console.localhost:${port}/api/v1/sd/assets`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(answer.status).toBe(200);
    const { request } = await import("node:http");
    const status = await new Promise((resolve, reject) => {
      const headers = { host: `console.localhost:${port}`, authorization: `Bearer ${key}` };
      request({ host: "127.0.0.1", port, path: "/api/v1/sd/assets", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(200);
  });

  test("lists filtered by type, status and name", async () => {
    await start();
    const assets = `${emulator.consoleBaseUrl}/sd/assets`;
    for (const [type, name] of [
      ["Video", "one"],
      ["Image", "two"],
    ])
      await request(assets, { method: "POST", json: { type, name, url: "https://elsewhere.example/x" } });
    const names = async (query: string): Promise<unknown[]> =>
      ((await request(`${assets}?${query}`)).data.items as Json[]).map(({ name }) => name);
    expect(await names("type=video")).toEqual(["one"]);
    expect(await names("name=tw")).toEqual(["two"]);
    await expect.poll(() => names("status=failed")).toEqual(["two", "one"]);
    expect(await names("status=active")).toEqual([]);
  });

  test("unknownPathStatus", async () => {
    await start();
    expect((await request(`${emulator.apiBaseUrl}/model/nothing`)).status).toBe(401);
    emulator.set({ unknownPathStatus: "404" });
    expect((await request(`${emulator.apiBaseUrl}/model/nothing`)).status).toBe(404);
  });
});

test.each([
  ["an mp4 by its bytes", clip(), "clip", "video", "video/mp4"],
  ["an mp4 by its name", new Uint8Array([1, 2, 3]), "clip.MP4", "video", "video/mp4"],
  ["avif by its name", new Uint8Array([1, 2, 3]), "a.avif", "image", "image/avif"],
  ["anything else", new Uint8Array([1, 2, 3]), "file", "application", "application/octet-stream"],
])("an upload without a Content-Type: %s", async (_, bytes, filename, type, contentType) => {
  await start();
  const head = `--B\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\n\r\n`;
  const { data } = await request(`${emulator.apiBaseUrl}/model/uploadMedia`, {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=B" },
    body: new Blob([head, bytes, "\r\n--B--\r\n"]),
  });
  expect(data).toMatchObject({ type, size: bytes.length });
  expect((await fetch(String(data.download_url))).headers.get("content-type")).toBe(contentType);
});

describe("predictions", () => {
  test.each(["404", "400"] as const)(
    "answer %s at first, and the client waits",
    async (predictionLagStatus) => {
      const atlas = await start({ predictionLagMs: 400, predictionLagStatus });
      const { id } = await atlas.generateVideo(generate);
      expect((await request(`${emulator.apiBaseUrl}/model/prediction/${id}`)).status).toBe(
        Number(predictionLagStatus),
      );
      expect((await atlas.waitForPrediction(id, fast)).outputs).toHaveLength(1);
    },
  );

  test.each(["outputs", "output", "objects"] as const)("have their results in %s", async (outputShape) => {
    const atlas = await start({ outputShape });
    const { id } = await atlas.generateVideo(generate);
    const { outputs } = await atlas.waitForPrediction(id, fast);
    expect((await fetch(String(outputs[0]))).status).toBe(200);
  });

  test("without results are an error", async () => {
    const atlas = await start({ outputShape: "none" });
    const { id } = await atlas.generateVideo(generate);
    await expect(atlas.waitForPrediction(id, fast)).rejects.toMatchObject({ code: "prediction-failed" });
  });

  test.each(["id", "prediction_id", "request_id", "data"] as const)(
    "have their id in %s",
    async (submitId) => {
      const atlas = await start({ submitId });
      expect((await atlas.generateVideo(generate)).id).toMatch(/^[0-9a-f]{32}$/);
    },
  );

  test.each(["200", "500"] as const)("fail permanently with HTTP %s and a code", async (status) => {
    const atlas = await start({ predictionFailure: true, predictionFailureStatus: status });
    const { id } = await atlas.generateVideo(generate);
    await expect(atlas.waitForPrediction(id, fast)).rejects.toMatchObject({
      code: "prediction-failed",
      upstreamCode: "1039",
    });
    expect(emulator.requests).toHaveLength(2);
  });

  test("are found in the history when the answer was lost", async () => {
    const atlas = await start({ faultsOn: ["generate"], cutAfter: 1 });
    const { id } = await atlas.generateVideo(generate);
    expect((await atlas.waitForPrediction(id, fast)).status).toBe("succeeded");
    expect(emulator.requests.map(({ operation }) => operation).slice(0, 2)).toEqual(["generate", "history"]);
  });

  test("take public URLs as references only with urlReferences", async () => {
    const atlas = await start();
    const body = { ...generate, reference_videos: ["https://cdn.example/a.mp4"] };
    const allowed = { allowUrlReferences: true };
    await expect(atlas.generateVideo(body, allowed)).rejects.toMatchObject({ code: "invalid-request" });
    emulator.set({ urlReferences: true });
    expect((await atlas.generateVideo(body, allowed)).id).toBeTruthy();
  });
});

describe("faults", () => {
  const upload = (atlas: AtlasClient) =>
    atlas.uploadMedia(clip(), { filename: "a.mp4", contentType: "video/mp4" });
  const failed = (atlas: AtlasClient) =>
    upload(atlas).then(
      () => null,
      (error: unknown) => error,
    );

  test("redirected, htmlPage and wrongSize are reported at once", async () => {
    const atlas = await start({ redirected: Number.POSITIVE_INFINITY });
    expect(await failed(atlas)).toMatchObject({
      code: "protocol",
      message: expect.stringContaining("a redirect to https://sign-in.example/"),
    });
    emulator.set({ redirected: 0, htmlPage: Number.POSITIVE_INFINITY });
    expect(await failed(atlas)).toMatchObject({
      code: "protocol",
      message: expect.stringContaining("HTML page"),
    });
    emulator.set({ htmlPage: 0, wrongSize: true });
    expect(await failed(atlas)).toMatchObject({
      code: "protocol",
      message: expect.stringContaining("8 bytes"),
    });
    expect(emulator.requests.length).toBeLessThanOrEqual(4);
  });

  test.each([false, true])("retryAfter, as a date: %s", async (retryAfterDate) => {
    const atlas = await start({ rateLimited: 1, retryAfter: 2, retryAfterDate });
    const begun = performance.now();
    await upload(atlas);
    expect(performance.now() - begun).toBeGreaterThan(950);
  });

  test("unauthorizedFrom and paymentRequiredFrom", async () => {
    const atlas = await start({ unauthorizedFrom: 2 });
    await upload(atlas);
    expect(await failed(atlas)).toMatchObject({ code: "unauthorized" });
    emulator.set({ unauthorizedFrom: 0, paymentRequiredFrom: 1 });
    expect(await failed(atlas)).toMatchObject({
      code: "payment-required",
      hint: expect.stringContaining("top up"),
    });
  });

  test("userAgentFilter accepts this package and refuses default clients", async () => {
    const atlas = await start({ userAgentFilter: true });
    await upload(atlas);
    const answer = await request(`${emulator.apiBaseUrl}/model/prediction/x`);
    expect([answer.status, answer.text]).toEqual([403, "error code: 1010"]);
  });
});
