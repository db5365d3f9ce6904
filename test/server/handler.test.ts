import { afterEach, describe, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";
import { createHandler } from "../../src/server/index.ts";
import { key, type RunningHandler, signedIn, startHandler } from "./start-handler.ts";

let running: RunningHandler;
afterEach(() => running?.close());

type Json = Record<string, unknown>;
interface Page {
  status: number;
  body: {
    asset?: Json;
    upload?: Json;
    report?: { findings: Json[] };
    error?: { code: string; message: string; hint: string | null };
  };
  text: string;
  headers: Headers;
}

async function call(path: string, init: RequestInit & { from?: Record<string, string> } = {}): Promise<Page> {
  const { from, ...rest } = init;
  const headers = { ...signedIn, ...from, ...(init.headers as Record<string, string>) };
  const response = await fetch(running.endpoint + path, { ...rest, headers });
  const text = await response.text();
  let body: Page["body"] = {};
  try {
    body = JSON.parse(text);
  } catch {
    // Newline-delimited, or empty.
  }
  return { status: response.status, body, text, headers: response.headers };
}

const post = (path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Page> =>
  call(path, { method: "POST", body, headers });

async function active(id: unknown): Promise<Json> {
  for (const until = performance.now() + 30_000; performance.now() < until; ) {
    const { body } = await call(`/assets/${id}`);
    if (body.asset?.status !== "processing") return body.asset ?? {};
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("still processing");
}

describe("upload and registration, in two requests and in one", () => {
  for (const spool of ["memory", "disk"] as const) {
    test(`bytes, a registration, a status; spooled in ${spool}`, async () => {
      running = await startHandler({ spool });
      const sent = await post("/uploads", clip(), {
        "content-type": "video/mp4",
        "x-file-name": encodeURIComponent("Süß.png"),
      });
      expect(sent.status).toBe(201);
      expect(sent.body.upload).toMatchObject({ type: "video", size: clip().length, filename: "Süß.png" });
      expect(sent.body.report).toMatchObject({ verdict: "pass", type: "video", file: "Süß.png" });
      expect(running.emulator.snapshot().assets).toEqual([]);
      expect(running.emulator.snapshot().uploads).toMatchObject([
        { filename: "Süß.mp4", contentType: "video/mp4" },
      ]);

      const json = JSON.stringify({ upload: sent.body.upload?.id, type: "video", name: "sunset" });
      const made = await post("/assets", json, { "content-type": "application/json" });
      expect(made.status).toBe(201);
      expect(await active(made.body.asset?.id)).toMatchObject({
        status: "active",
        name: "sunset",
        type: "Video",
        uri: expect.stringMatching(/^asset:\/\/atlas-asset-/),
      });
      // A page whose answer was lost asks again: the same asset, nothing registered twice.
      const again = await post("/assets", json, { "content-type": "application/json" });
      expect(again.body.asset?.uri).toBe(made.body.asset?.uri);
      expect(running.emulator.snapshot().assets.length).toBe(1);
      expect(running.spooled()).toEqual([]);
    });
  }

  test("bytes straight to an asset", async () => {
    running = await startHandler();
    const made = await post("/assets", clip(), {
      "content-type": "application/octet-stream",
      "x-asset-name": "a%20b",
    });
    expect(made.status).toBe(201);
    expect(made.body.report).toMatchObject({ verdict: "pass" });
    expect(await active(made.body.asset?.id)).toMatchObject({ status: "active", name: "a b" });
    for (const hidden of ["127.0.0.1", "storage", "ark_asset"]) expect(made.text).not.toContain(hidden);
  });

  test("progress lines and a final result", async () => {
    running = await startHandler();
    const made = await post("/assets", clip(), { accept: "application/x-ndjson" });
    expect(made.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = made.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Json);
    expect(Object.keys(lines.at(-1) ?? {})).toEqual(["result"]);
    const steps = lines.slice(0, -1).map((line) => line.progress as Json);
    expect(steps.at(0)).toMatchObject({ phase: "upload" });
    expect(
      steps.some(
        (step) => step.phase === "upload" && step.loaded === clip().length && step.total === clip().length,
      ),
    ).toBe(true);
    running.emulator.set({ serverErrorAfter: 1, bareAssets: true, faultsOn: ["register"] });
    const failed = await post("/assets", clip(), { accept: "application/x-ndjson" });
    expect(JSON.parse(failed.text.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
      error: { code: "outcome-unknown" },
    });
    expect(running.spooled()).toEqual([]);
  });

  test("a Failed asset has a reason", async () => {
    running = await startHandler({}, { failWith: "InvalidParameter.FpsTooLow" });
    const made = await post("/assets", clip());
    expect(await active(made.body.asset?.id)).toMatchObject({ status: "failed", errorCode: "FpsTooLow" });
  });
});

describe("checks again", () => {
  test("a file that the page did not refuse is refused with the report, and not forwarded", async () => {
    running = await startHandler({ spool: "disk" });
    const cut = clip().slice(0, 3000);
    const cases: [BodyInit, Record<string, string>, string][] = [
      [cut, { "content-type": "video/mp4" }, "video/integrity"],
      ["<!doctype html><title>x</title>", { "content-type": "video/mp4" }, "video/format"],
      [new Uint8Array(2000).fill(9), {}, "file/format"],
      ["", { "content-type": "video/mp4" }, "video/format"],
    ];
    for (const [body, headers, rule] of cases) {
      const { status, body: answer } = await post("/uploads", body, headers);
      expect([rule, status, answer.error?.code]).toEqual([rule, 422, "refused"]);
      expect(answer.report?.findings.map((finding) => finding.rule)).toContain(rule);
    }
    expect(running.emulator.requests).toEqual([]);
    expect(running.spooled()).toEqual([]);
    expect(running.events.map((event) => event.type)).toEqual(cases.map(() => "refused"));
  });

  test("a type that contradicts the bytes is refused: in Content-Type, X-Media-Type or a later registration", async () => {
    running = await startHandler();
    for (const headers of [
      { "content-type": "image/png" },
      { "x-media-type": "audio" },
      { "content-type": "video/mp4", "x-media-type": "image" },
    ]) {
      const { status, body } = await post("/uploads", clip(), headers as Record<string, string>);
      expect([headers, status]).toEqual([headers, 422]);
      expect(body.report?.findings[0]?.rule).toMatch(/\/type$/);
    }
    const sent = await post("/uploads", clip());
    const json = JSON.stringify({ upload: sent.body.upload?.id, type: "image" });
    expect((await post("/assets", json, { "content-type": "application/json" })).status).toBe(422);
    expect(running.emulator.snapshot().assets).toEqual([]);
  });

  test("types that are not offered are refused", async () => {
    running = await startHandler({ types: ["image"] });
    const { status, body } = await post("/uploads", clip());
    expect([status, body.error?.message]).toEqual([422, "files of this type are not accepted here"]);
    expect(running.emulator.requests).toEqual([]);
  });
});

describe("ids", () => {
  test("invented ids and those of other users, kinds and servers all get the same 404", async () => {
    running = await startHandler();
    const made = await post("/assets", clip());
    const sent = await post("/uploads", clip());
    const asset = String(made.body.asset?.id);
    const upload = String(sent.body.upload?.id);
    const numeric = String(running.emulator.snapshot().assets[0]?.id);
    const flipped = (asset[0] === "A" ? "B" : "A") + asset.slice(1);
    const answers = await Promise.all([
      ...[numeric, "trash", upload, flipped, "A".repeat(9000)].map((id) => call(`/assets/${id}`)),
      call(`/assets/${asset}`, { from: { "x-user": "bob" } }),
    ]);
    for (const answer of answers)
      expect([answer.status, answer.body.error?.code, answer.body.error?.message]).toEqual([
        404,
        "not-found",
        "no such asset",
      ]);
    expect((await call(`/assets/${asset}`)).status).toBe(200);
    for (const id of [asset, "none", "", undefined]) {
      const json = JSON.stringify({ upload: id });
      expect((await post("/assets", json, { "content-type": "application/json" })).status).toBe(404);
    }
    const bob = await post("/assets", JSON.stringify({ upload }), {
      "content-type": "application/json",
      "x-user": "bob",
    });
    expect(bob.status).toBe(404);
    expect(running.emulator.snapshot().assets.length).toBe(1);
  });

  test("with a shared secret they are valid on other servers, too", async () => {
    const secret = "0123456789abcdef0123456789abcdef";
    running = await startHandler({ secret });
    const id = (await post("/assets", clip())).body.asset?.id;
    const elsewhere = async (given: string): Promise<number> => {
      const { apiBaseUrl, consoleBaseUrl } = running.emulator;
      const { createAtlasClient } = await import("../../src/atlas/client.ts");
      const other = createHandler({
        atlas: createAtlasClient({ apiKey: key, apiBaseUrl, consoleBaseUrl }),
        secret: given,
        authorize: () => ({ ok: true, label: "ann" }),
      });
      return (await other(new Request(`https://b.example/media/assets/${id}`))).status;
    };
    expect(await elsewhere(secret)).toBe(200);
    expect(await elsewhere(`${secret}!`)).toBe(404);
  });
});

describe("construction", () => {
  test("throws without authorize, without a key, with a loose origin, with a short secret", () => {
    const authorize = (): boolean => true;
    const atlas = {} as never;
    const without = (options: unknown) => () => createHandler(options as Parameters<typeof createHandler>[0]);
    expect(without({ atlas })).toThrow(/authorize/);
    expect(without(undefined)).toThrow(/authorize/);
    expect(without({ authorize })).toThrow(expect.objectContaining({ code: "no-key" }));
    for (const origin of ["*", "example.com", "https://example.com/", "null"]) {
      expect(without({ atlas, authorize, allowedOrigins: [origin] }), origin).toThrow(/is not an origin/);
    }
    expect(without({ atlas, authorize, secret: "short" })).toThrow(/32 characters/);
    expect(without({ atlas, authorize, maxBytes: Number.NaN })).toThrow(/maxBytes/);
    expect(without({ atlas, authorize, allowedOrigins: ["https://example.com"] })).not.toThrow();
  });
});
