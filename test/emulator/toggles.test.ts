import { afterEach, describe, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";
import {
  createEmulator,
  emulatorToggles,
  type RunningEmulator,
  startEmulator,
  type Toggles,
} from "../../src/emulator/index.ts";
import { form, type Json, request, settled } from "./wire.ts";

let emulator: RunningEmulator;
afterEach(() => emulator.close());

/** An emulator with these toggles, and a registered asset's answer. */
async function withAsset(
  toggles: Partial<Toggles>,
  name = "a",
): Promise<{ assets: string; created: Json; body: Json; url: string }> {
  emulator = await startEmulator({ processingMs: 0, ...toggles });
  const assets = `${emulator.consoleBaseUrl}/sd/assets`;
  const sent = await request(`${emulator.apiBaseUrl}/model/uploadMedia`, {
    method: "POST",
    body: form(clip()),
  });
  const url = String(sent.data.download_url ?? sent.data.url ?? sent.body.url);
  const answer = await request(assets, { method: "POST", json: { type: "Video", url, name } });
  return { assets, created: answer.data, body: answer.body, url };
}

describe("shapes of answers", () => {
  test("lowerCaseStatus", async () => {
    const { created } = await withAsset({ lowerCaseStatus: true });
    expect(created.status).toBe("processing");
    expect((await settled(emulator.consoleBaseUrl, created.id)).status).toBe("active");
  });
  test("flatCreate", async () => {
    const { body } = await withAsset({ flatCreate: true });
    expect(Object.keys(body).sort()).toEqual(["ark_asset_id", "atlas_asset_id", "id", "status"]);
  });
  test("listKey, itemsNull, repeatItems", async () => {
    const { assets, url } = await withAsset({ listKey: "list", itemsNull: true, repeatItems: true });
    await request(assets, { method: "POST", json: { type: "Video", url, name: "b" } });
    const page = async (n: number): Promise<unknown> => {
      const { data } = await request(`${assets}?page_size=1&page_number=${n}`);
      expect(data).not.toHaveProperty("items");
      return (data.list as Json[] | null)?.map((item) => item.name) ?? null;
    };
    expect([await page(1), await page(2)]).toEqual([["b"], ["b", "a"]]);
    expect((await request(`${assets}/trash`)).data.list).toBeNull();
  });
  test("bareAssets, onlyId", async () => {
    const { assets, created } = await withAsset({ bareAssets: true, onlyId: true });
    const { data } = await request(`${assets}/${created.id}`);
    for (const absent of ["name", "url", "atlas_asset_id", "ark_asset_id"])
      expect(data).not.toHaveProperty(absent);
  });
  test("emptyDelete", async () => {
    const { assets, created } = await withAsset({ emptyDelete: true });
    const answer = await request(`${assets}/${created.id}`, { method: "DELETE" });
    expect([answer.status, answer.text]).toEqual([204, ""]);
  });
  test("uploadAnswer and signedUrls", async () => {
    const send = () =>
      request(`${emulator.apiBaseUrl}/model/uploadMedia`, { method: "POST", body: form(clip()) });
    emulator = await startEmulator({ uploadAnswer: "url", signedUrls: true });
    const signed = String((await send()).data.url);
    expect(signed).toMatch(/\?X-Expires=3600&X-Signature=/);
    expect((await fetch(signed)).status).toBe(200);
    expect(JSON.stringify(emulator.requests)).not.toContain("X-Signature");
    emulator.set({ uploadAnswer: "file_name" });
    expect(Object.keys((await send()).data).sort()).toEqual([
      "content_type",
      "download_url",
      "file_name",
      "size",
    ]);
    emulator.set({ uploadAnswer: "flat" });
    expect(Object.keys((await send()).body).sort()).toEqual(["filename", "size", "url"]);
  });
  test("errorsAs200", async () => {
    const { assets } = await withAsset({ errorsAs200: true });
    const missing = await request(`${assets}/1`);
    expect([missing.status, missing.body.code]).toEqual([200, "404"]);
    emulator.set({ serverError: 1 });
    const broken = await request(assets);
    expect([broken.status, broken.body.code]).toEqual([200, "500"]);
  });
});

describe("the result of an asset", () => {
  test("processingMs, stuckProcessing", async () => {
    const begun = performance.now();
    const { created } = await withAsset({ processingMs: 150 });
    await settled(emulator.consoleBaseUrl, created.id);
    expect(performance.now() - begun).toBeGreaterThan(100);
    emulator.set({ stuckProcessing: true });
    expect((await request(`${emulator.consoleBaseUrl}/sd/assets/${created.id}`)).data.status).toBe(
      "Processing",
    );
  });
  test("failWith, as text and as a number", async () => {
    const { assets, created } = await withAsset({ failWith: "InvalidParameter.FpsTooLow" });
    await settled(emulator.consoleBaseUrl, created.id);
    expect((await request(`${assets}/${created.id}`)).data.error_code).toBe("InvalidParameter.FpsTooLow");
    emulator.set({ numericErrorCodes: true });
    expect((await request(`${assets}/${created.id}`)).data.error_code).toEqual(expect.any(Number));
  });
  test("policyFailure, policyMarker", async () => {
    const code = "InputVideoSensitiveContentDetected.PolicyViolation";
    const marked = await withAsset({}, "my policy-violation");
    expect((await settled(emulator.consoleBaseUrl, marked.created.id)).error_code).toBe(code);
    await emulator.close();
    const { created } = await withAsset({ policyFailure: true });
    expect((await settled(emulator.consoleBaseUrl, created.id)).error_code).toBe(code);
  });
  test("predictionLagMs, predictionFailure", async () => {
    emulator = await startEmulator({ processingMs: 0, predictionLagMs: 3_600_000, predictionFailure: true });
    const make = async (): Promise<string> => {
      const json = { model: "m" };
      const made = await request(`${emulator.apiBaseUrl}/model/generateVideo`, { method: "POST", json });
      return `${emulator.apiBaseUrl}/model/prediction/${made.data.id}`;
    };
    expect((await request(await make())).status).toBe(404);
    emulator.set({ predictionLagMs: 50 });
    const soon = await make();
    await expect.poll(async () => (await request(soon)).data.status).toBe("failed");
  });
});

describe("faults", () => {
  test("the first n requests: html403, rateLimited, serverError, unavailable", async () => {
    const { assets } = await withAsset({});
    const statuses = async (toggles: Partial<Toggles>): Promise<number[]> => {
      emulator.set(toggles);
      const seen: number[] = [];
      for (let i = 0; i < 4; i++) seen.push((await request(assets)).status);
      return seen;
    };
    expect(await statuses({ html403: 2 })).toEqual([403, 403, 200, 200]);
    expect(await statuses({ html403: 0, rateLimited: 3 })).toEqual([429, 429, 429, 200]);
    expect(await statuses({ rateLimited: 0, unavailable: 1 })).toEqual([503, 200, 200, 200]);
    expect(await statuses({ unavailable: Number.POSITIVE_INFINITY })).toEqual([503, 503, 503, 503]);
    emulator.set({ unavailable: 0, html403: 1 });
    const page = await request(assets);
    expect(page.headers.get("content-type")).toBe("text/html");
    expect(page.text).toMatch(/^<html>/);
  });

  test("at random, the same for the same seed", async () => {
    const { assets } = await withAsset({});
    const roll = async (seed: number): Promise<string> => {
      emulator.set({ serverError: 0.5, seed });
      let seen = "";
      for (let i = 0; i < 24; i++) seen += (await request(assets)).status === 500 ? "x" : ".";
      return seen;
    };
    const first = await roll(7);
    expect(first).toMatch(/x/);
    expect(first).toMatch(/\./);
    expect(await roll(7)).toBe(first);
    expect(await roll(8)).not.toBe(first);
  });

  test("only on the operations named", async () => {
    const { assets } = await withAsset({ faultsOn: ["list"], serverError: Number.POSITIVE_INFINITY });
    expect((await request(assets)).status).toBe(500);
    expect((await request(`${assets}/100001`)).status).toBe(200);
  });

  test("before the effect nothing is changed, after it the change is made", async () => {
    const { assets, url } = await withAsset({});
    const tryIt = (toggles: Partial<Toggles>): Promise<number> => {
      emulator.set({ cutBefore: 0, cutAfter: 0, serverError: 0, serverErrorAfter: 0, ...toggles });
      return request(assets, { method: "POST", json: { type: "Video", url, name: "b" } }).then(
        (answer) => answer.status,
        () => 0,
      );
    };
    const count = (): number => emulator.snapshot().assets.length;
    expect([await tryIt({ cutBefore: 1 }), count()]).toEqual([0, 1]);
    expect([await tryIt({ serverError: 1 }), count()]).toEqual([500, 1]);
    expect([await tryIt({ cutAfter: 1 }), count()]).toEqual([0, 2]);
    expect([await tryIt({ serverErrorAfter: 1 }), count()]).toEqual([500, 3]);
    expect(emulator.requests.filter((line) => line.status === 0).map((line) => line.fault)).toEqual([
      "cutBefore",
      "cutAfter",
    ]);
    expect(await tryIt({})).toBe(200);
  });

  test("delayed and duplicated answers", async () => {
    const { assets } = await withAsset({});
    emulator.set({ delayed: 1, delayMs: 200 });
    const begun = performance.now();
    expect((await request(assets)).status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThan(190);

    emulator.set({ delayed: 0, duplicated: 1 });
    const { connect } = await import("node:net");
    const { port, hostname } = new URL(assets);
    const twice = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `GET /api/v1/sd/assets HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer k\r\n\r\n`,
        );
      });
      socket.setEncoding("latin1").on("data", (chunk: string) => {
        text += chunk;
        if (text.split("HTTP/1.1 200").length === 3) socket.destroy();
      });
      socket.on("close", () => resolve(text));
    });
    expect(twice.split('"total_count":1').length).toBe(3);
  });

  test("tooLarge and maxUploadBytes answer 413 after the body was read", async () => {
    emulator = await startEmulator({ maxUploadBytes: 1000 });
    const send = (bytes: Uint8Array<ArrayBuffer>) =>
      request(`${emulator.apiBaseUrl}/model/uploadMedia`, { method: "POST", body: form(bytes) });
    expect((await send(new Uint8Array(1000))).status).toBe(200);
    expect((await send(new Uint8Array(1001))).status).toBe(413);
    expect((await send(new Uint8Array(8_000_000))).status).toBe(413);
    emulator.set({ tooLarge: true });
    expect((await send(new Uint8Array(10))).status).toBe(413);
    expect(emulator.snapshot().uploads.length).toBe(1);
  });
});

describe("the table of toggles", () => {
  test("every toggle has a description and a valid default", async () => {
    emulator = await startEmulator();
    for (const [name, row] of Object.entries(emulatorToggles)) {
      expect(row.about, name).toMatch(/^[a-z].{10,100}[^.]$/);
      expect(emulator.snapshot().toggles).toHaveProperty(name, row.default);
    }
  });
  test("an invalid value is refused by the toggle's name", async () => {
    emulator = await startEmulator();
    const wrong = { listKey: "things" } as unknown as Partial<Toggles>;
    expect(() => emulator.set(wrong)).toThrow(/listKey cannot be "things"/);
    expect(() => emulator.set({ faultsOn: ["fly"] as never })).toThrow(/faultsOn cannot be "fly"/);
    expect(() => emulator.set({ serverError: Number.NaN })).toThrow(/serverError/);
    await expect(startEmulator({ port: Number(new URL(emulator.apiBaseUrl).port) })).rejects.toMatchObject({
      code: "usage",
    });
  });
});

test("an option that does not exist is refused, for the emulator and for its server", async () => {
  emulator = await startEmulator();
  const misspelt = { procesingMs: 5 } as Partial<Toggles>;
  const refusal = { code: "usage", hint: "did you mean processingMs?" };
  await expect(startEmulator(misspelt)).rejects.toMatchObject(refusal);
  expect(() => createEmulator(misspelt)).toThrow(expect.objectContaining(refusal));
});
