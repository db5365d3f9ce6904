import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";
import { type RunningEmulator, startEmulator } from "../../src/emulator/index.ts";
import { form, type Json, key, request, settled, upload } from "./wire.ts";

let emulator: RunningEmulator;
let assets: string;
const logged: string[] = [];
beforeAll(async () => {
  emulator = await startEmulator({
    processingMs: 60,
    onRequest: (line) => logged.push(JSON.stringify(line)),
  });
  assets = `${emulator.consoleBaseUrl}/sd/assets`;
});
afterAll(() => emulator.close());

const register = (json: Json): ReturnType<typeof request> => request(assets, { method: "POST", json });

describe("an asset's life over HTTP", () => {
  test("upload, register, Processing, Active, rename, trash, restore", async () => {
    const sent = await request(`${emulator.apiBaseUrl}/model/uploadMedia`, {
      method: "POST",
      body: form(clip(), "süß clip.mp4"),
    });
    expect(sent.status).toBe(200);
    expect(sent.body.code).toBe(200);
    expect(sent.data).toMatchObject({ type: "video", filename: "süß clip.mp4", size: clip().length });
    const url = String(sent.data.download_url);

    emulator.set({ stuckProcessing: true });
    const created = await register({ type: "Video", url, name: "first" });
    expect(created.body.code).toBe("200");
    expect(created.headers.get("x-request-id")).toMatch(/./);
    expect(created.data).toMatchObject({ status: "Processing", id: expect.any(Number) });
    expect(created.data.atlas_asset_id).toMatch(/^atlas-asset-/);
    expect(created.data.ark_asset_id).toMatch(/^asset-/);
    const { id } = created.data;

    expect((await request(`${assets}/${id}`)).data.status).toBe("Processing");
    emulator.set({ stuckProcessing: false });
    expect(await settled(emulator.consoleBaseUrl, id)).toMatchObject({
      status: "Active",
      name: "first",
      url,
      type: "Video",
    });
    expect((await request(`${assets}/${created.data.atlas_asset_id}`)).data.id).toBe(id);

    await request(`${assets}/${id}`, { method: "PUT", json: { name: "second" } });
    expect((await request(`${assets}/${id}`)).data.name).toBe("second");

    const gone = await request(`${assets}/${id}`, { method: "DELETE" });
    expect(gone.body).toMatchObject({ code: "200", data: {} });
    expect((await request(`${assets}/${id}`)).status).toBe(404);
    expect((await request(`${assets}/${id}`, { method: "DELETE" })).status).toBe(404);
    const trash = (await request(`${assets}/trash`)).data;
    expect(trash).toMatchObject({ total_count: 1, items: [{ id }] });

    await request(`${assets}/${id}/restore`, { method: "POST" });
    expect((await request(`${assets}/${id}`)).data.status).toBe("Active");
    expect((await request(`${assets}/trash`)).data.items).toEqual([]);
  });

  test("lists are paged, newest first", async () => {
    const before = Number((await request(assets)).data.total_count);
    const url = await upload(emulator.apiBaseUrl, form(clip()));
    for (const name of ["a", "b", "c", "d", "e"]) await register({ type: "Video", url, name });
    const names: unknown[] = [];
    for (let page = 1; ; page++) {
      const { data } = await request(`${assets}?page_number=${page}&page_size=2`);
      expect(data).toMatchObject({ total_count: before + 5, page_number: page, page_size: 2 });
      const items = data.items as Json[];
      if (items.length === 0) break;
      names.push(...items.map((item) => item.name));
    }
    expect(names.slice(0, 5)).toEqual(["e", "d", "c", "b", "a"]);
    expect(names.length).toBe(before + 5);
  });

  test("the public address serves ranges without a key", async () => {
    const url = await upload(emulator.apiBaseUrl, form(clip()));
    const whole = await fetch(url);
    expect(whole.headers.get("content-type")).toBe("video/mp4");
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(clip());
    const range = async (value: string): Promise<[number, string | null, Uint8Array]> => {
      const response = await fetch(url, { headers: { range: value } });
      return [
        response.status,
        response.headers.get("content-range"),
        new Uint8Array(await response.arrayBuffer()),
      ];
    };
    const size = clip().length;
    expect(await range("bytes=4-7")).toEqual([206, `bytes 4-7/${size}`, clip().slice(4, 8)]);
    expect(await range("bytes=-3")).toEqual([206, `bytes ${size - 3}-${size - 1}/${size}`, clip().slice(-3)]);
    expect(await range(`bytes=${size - 2}-`)).toEqual([
      206,
      `bytes ${size - 2}-${size - 1}/${size}`,
      clip().slice(-2),
    ]);
    expect((await range(`bytes=${size}-`)).slice(0, 2)).toEqual([416, `bytes */${size}`]);
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(size)]);
    expect((await fetch(url.replace(/storage\/[^/]+/, "storage/none"))).status).toBe(404);
  });

  test("registered media are validated by their content", async () => {
    const cases: [type: string, bytes: Uint8Array<ArrayBuffer>, code: string][] = [
      ["Audio", clip(), "InvalidParameter.TypeMismatch"],
      ["Video", new Uint8Array(64).fill(7), "InvalidParameter.FormatUndetectable"],
      ["Video", clip().slice(0, 3000), "InvalidParameter.TranscodingFailed"],
      ["Audio", silence(1), "InvalidParameter.DurationTooShort"],
      ["Audio", silence(16), "InvalidParameter.DurationTooLong"],
    ];
    for (const [type, bytes, code] of cases) {
      const url = await upload(emulator.apiBaseUrl, form(bytes));
      const { id } = (await register({ type, url })).data;
      expect(await settled(emulator.consoleBaseUrl, id)).toMatchObject({
        status: "Failed",
        error_code: code,
      });
    }
    const url = await upload(emulator.apiBaseUrl, form(silence(3), "a.wav", "audio/wav"));
    const { id } = (await register({ type: "Audio", url })).data;
    expect((await settled(emulator.consoleBaseUrl, id)).status).toBe("Active");
  });

  test("an invalid registration is refused at once", async () => {
    const url = await upload(emulator.apiBaseUrl, form(clip()));
    const refused: [Json, RegExp][] = [
      [{ type: "Video", url: "data:video/mp4;base64,AAAA" }, /Url/],
      [{ type: "Video", url: "file:///etc/passwd" }, /Url/],
      [{ type: "Video" }, /Url/],
      [{ type: "Film", url }, /Type/],
      [{ type: "Video", url, name: "x".repeat(65) }, /Name/],
      [{ type: "Video", url, name: 7 }, /Name/],
    ];
    const before = emulator.snapshot().assets.length;
    for (const [json, why] of refused) {
      const answer = await register(json);
      expect(answer.status).toBe(400);
      expect(answer.body.msg).toMatch(why);
    }
    expect((await request(assets, { method: "POST", body: "{" })).status).toBe(400);
    expect(emulator.snapshot().assets.length).toBe(before);
    expect((await register({ url })).status, "the type is Image where none is given").toBe(200);
    expect(emulator.snapshot().assets.at(-1)?.type).toBe("Image");
  });

  test("only its own uploads are fetched, unless allowed", async () => {
    const other = await startEmulator({ processingMs: 0 });
    const open = await startEmulator({ processingMs: 0, allowFetch: true });
    try {
      const url = await upload(other.apiBaseUrl, form(clip()));
      const seen = other.requests.length;
      const { id } = (await register({ type: "Video", url })).data;
      expect((await settled(emulator.consoleBaseUrl, id)).error_code).toBe("DownloadFailed");
      expect(other.requests.length).toBe(seen);

      const add = (address: string) =>
        request(`${open.consoleBaseUrl}/sd/assets`, {
          method: "POST",
          json: { type: "Video", url: address },
        });
      expect((await settled(open.consoleBaseUrl, (await add(url)).data.id)).status).toBe("Active");
      expect(other.requests.length).toBe(seen + 1);
      expect(other.requests.at(-1)).toMatchObject({ host: "storage", method: "GET", status: 200 });
      const missing = await add(url.replace(/storage\/[^/]+/, "storage/none"));
      expect((await settled(open.consoleBaseUrl, missing.data.id)).error_code).toBe("DownloadFailed");
    } finally {
      await Promise.all([other.close(), open.close()]);
    }
  });
});

describe("generation", () => {
  const generate = (json: Json): ReturnType<typeof request> =>
    request(`${emulator.apiBaseUrl}/model/generateVideo`, { method: "POST", json });
  async function asset(type: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const url = await upload(emulator.apiBaseUrl, form(bytes));
    const { id, atlas_asset_id } = (await register({ type, url })).data;
    await settled(emulator.consoleBaseUrl, id);
    return `asset://${atlas_asset_id}`;
  }

  test("goes from starting through processing to an output that can be fetched", async () => {
    for (const body of [
      { model: "m", prompt: "p" },
      { model: "m", input: { prompt: "p" } },
    ]) {
      emulator.set({ stuckProcessing: true });
      const made = await generate(body);
      expect(made.data).toMatchObject({ status: "starting", outputs: null });
      const at = `${emulator.apiBaseUrl}/model/prediction/${made.data.id}`;
      expect((await request(at)).data.status).toBe("processing");
      emulator.set({ stuckProcessing: false });
      await expect.poll(async () => (await request(at)).data.status).toBe("completed");
      const [output] = (await request(at)).data.outputs as string[];
      const bytes = new Uint8Array(await (await fetch(String(output))).arrayBuffer());
      expect(bytes).toEqual(clip());
    }
  });

  test("references must be registered, Active, of the right type, and within the limit", async () => {
    const video = await asset("Video", clip());
    const audio = await asset("Audio", silence(3));
    const failed = await asset("Video", new Uint8Array(9));
    const url = await upload(emulator.apiBaseUrl, form(clip()));
    expect(
      (await generate({ model: "m", reference_videos: [video], reference_audios: [audio] })).status,
    ).toBe(200);
    expect((await generate({ model: "m", image: "https://example.com/a.png" })).status).toBe(200);
    const refused: Json[] = [
      { prompt: "no model" },
      { model: "m", reference_videos: [url] },
      { model: "m", reference_videos: [] },
      { model: "m", reference_videos: video },
      { model: "m", reference_videos: [audio] },
      { model: "m", reference_videos: [failed] },
      { model: "m", reference_videos: ["asset://atlas-asset-none"] },
      { model: "m", reference_videos: [video, video, video, video] },
      { model: "m", reference_audios: [audio] },
      { model: "m", image: "https://example.com/a.png", reference_videos: [video] },
    ];
    for (const json of refused) expect([json, (await generate(json)).status]).toEqual([json, 400]);
    expect((await generate({ model: "seedance-2.5", reference_audios: [audio] })).status).toBe(200);
  });
});

describe("the key", () => {
  test("is required; unknown paths and paths of the other host answer 401 as well", async () => {
    const { apiBaseUrl, consoleBaseUrl } = emulator;
    expect((await request(assets, { key: null })).status).toBe(401);
    expect((await request(assets, { key: "" })).status).toBe(401);
    expect((await request(assets, { key: null, headers: { authorization: "Basic abc" } })).status).toBe(401);
    expect(
      (await request(`${apiBaseUrl}/model/uploadMedia`, { method: "POST", key: null, body: form(clip()) }))
        .status,
    ).toBe(401);
    expect((await request(`${consoleBaseUrl}/no/such/path`)).status).toBe(401);
    expect((await request(`${apiBaseUrl}/sd/assets`)).status).toBe(401);
    expect(
      (await request(`${consoleBaseUrl}/model/uploadMedia`, { method: "POST", body: form(clip()) })).status,
    ).toBe(401);
  });

  test("has to be the configured one, if there is one", async () => {
    const strict = await startEmulator({ key: "the-only-one" });
    try {
      const url = `${strict.consoleBaseUrl}/sd/assets`;
      expect((await request(url, { key: "another" })).status).toBe(401);
      expect((await request(url, { key: "the-only-one" })).status).toBe(200);
    } finally {
      await strict.close();
    }
  });

  test("and query strings are in no log line", async () => {
    await request(`${assets}?page_size=3&token=very-secret`, { headers: { cookie: "sid=secret-cookie" } });
    const all = logged.join("\n") + JSON.stringify(emulator.requests) + JSON.stringify(emulator.snapshot());
    expect(logged.length).toBeGreaterThan(20);
    expect(all).toContain("/api/v1/sd/assets");
    for (const secret of [key, "very-secret", "secret-cookie", "page_size=3"])
      expect(all).not.toContain(secret);
  });
});

describe("without a port", () => {
  test("fetch serves both hosts without listening", async () => {
    const { createEmulator } = await import("../../src/emulator/index.ts");
    const quiet = createEmulator({ processingMs: 0 });
    try {
      const headers = { authorization: `Bearer ${key}` };
      const api = "https://api.atlascloud.ai/api/v1/model/uploadMedia";
      const sent = (await (
        await quiet.fetch(api, { method: "POST", headers, body: form(clip()) })
      ).json()) as { data: Json };
      const url = String(sent.data.download_url);
      expect(url).toMatch(/^https:\/\/api\.atlascloud\.ai\/storage\//);
      const list = "https://console.atlascloud.ai/api/v1/sd/assets";
      const body = JSON.stringify({ type: "Video", url });
      const created = (await (await quiet.fetch(list, { method: "POST", headers, body })).json()) as {
        data: Json;
      };
      const state = async (): Promise<unknown> =>
        ((await (await quiet.fetch(`${list}/${created.data.id}`, { headers })).json()) as { data: Json }).data
          .status;
      await expect.poll(state).toBe("Active");
      expect(new Uint8Array(await (await quiet.fetch(url)).arrayBuffer())).toEqual(clip());
      quiet.set({ cutBefore: 1 });
      await expect(quiet.fetch(list, { headers })).rejects.toThrow("fetch failed");
    } finally {
      await quiet.close();
    }
  });
});

/** Silence of so many seconds: WAV, 8 kHz, 8 bit, mono. */
function silence(seconds: number): Uint8Array<ArrayBuffer> {
  const data = 8000 * seconds;
  const view = new DataView(new ArrayBuffer(44 + data));
  const words: [number, string][] = [
    [0, "RIFF"],
    [8, "WAVE"],
    [12, "fmt "],
    [36, "data"],
  ];
  for (const [at, word] of words) for (let i = 0; i < 4; i++) view.setUint8(at + i, word.charCodeAt(i));
  const longs: [number, number][] = [
    [4, 36 + data],
    [16, 16],
    [24, 8000],
    [28, 8000],
    [40, data],
  ];
  for (const [at, value] of longs) view.setUint32(at, value, true);
  const shorts: [number, number][] = [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ];
  for (const [at, value] of shorts) view.setUint16(at, value, true);
  const bytes = new Uint8Array(view.buffer);
  bytes.fill(128, 44);
  return bytes;
}
