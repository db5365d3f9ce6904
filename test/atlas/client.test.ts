import { openAsBlob } from "node:fs";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAtlasClient } from "../../src/atlas/client.node.ts";
import { createAtlasClient as createGeneric } from "../../src/atlas/client.ts";
import type { Asset } from "../../src/atlas/types.ts";
import { clientOf, key, refusal } from "./setup.ts";

const active = { code: "200", data: { id: 7, atlas_asset_id: "atlas-asset-7", status: "Active" } };
const video = { type: "Video", url: "https://cdn.example/clip.mp4" } as const;

describe("the two hosts", () => {
  it("each call goes to its own host, with the key", async () => {
    const { client, seen } = await clientOf(({ path }) =>
      path.includes("uploadMedia")
        ? { json: { code: 200, data: { download_url: "https://cdn.example/a" } } }
        : path.includes("/sd/assets?") || path.includes("trash?")
          ? { json: { code: 200, data: { items: null } } }
          : active_(),
    );
    await client.uploadMedia(new Uint8Array(3), { filename: "a.png", contentType: "image/png" });
    await client.registerAsset(video);
    await client.getAsset("7");
    await client.renameAsset("7", "new");
    await client.trashAsset("7");
    await client.restoreAsset("7");
    for await (const _ of client.listAssets());
    for await (const _ of client.listTrash());
    await client.generateVideo({ model: "m" });
    await client.getPrediction("7");
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /api/v1/model/uploadMedia",
      "POST /console/v1/sd/assets",
      "GET /console/v1/sd/assets/7",
      "PUT /console/v1/sd/assets/7",
      "GET /console/v1/sd/assets/7",
      "DELETE /console/v1/sd/assets/7",
      "POST /console/v1/sd/assets/7/restore",
      "GET /console/v1/sd/assets?page_number=1&page_size=100",
      "GET /console/v1/sd/assets/trash?page_number=1&page_size=100",
      "POST /api/v1/model/generateVideo",
      "GET /api/v1/model/prediction/7",
    ]);
    for (const { headers } of seen) {
      expect(headers.authorization).toBe(`Bearer ${key}`);
      expect(headers.cookie).toBeUndefined();
    }
  });

  it.each([
    "http://assets.example/api/v1",
    "ftp://x.example",
    "nonsense",
    "https://x.example/v1?k=1",
    "https://u:p@x.example",
  ])("refuses the base URL %s", (apiBaseUrl) => {
    expect(() => createAtlasClient({ apiKey: key, apiBaseUrl })).toThrow(
      expect.objectContaining({ code: "usage" }),
    );
  });

  it("allows plain http on loopback only, and drops the last slash", () => {
    for (const base of ["http://127.0.0.1:1/v1/", "http://[::1]:1/v1/", "http://localhost:1/v1/"])
      expect(createAtlasClient({ apiKey: key, consoleBaseUrl: base }).consoleBaseUrl).toBe(base.slice(0, -1));
  });

  it("a duplicate answer is never used as the answer to the next call", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (request) => {
        const id = /assets\/(\d+) /.exec(String(request))?.[1];
        const body = JSON.stringify({ code: 200, data: { id, name: `name of ${id}`, status: "Active" } });
        const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
        // The second one comes while the next call waits for its own.
        setTimeout(() => socket.write(answer), 20);
        setTimeout(() => socket.write(answer), 30);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const client = createAtlasClient({ apiKey: key, consoleBaseUrl: `http://127.0.0.1:${port}` });
    for (let id = 1; id <= 10; id++) {
      expect((await client.getAsset(String(id))).name).toBe(`name of ${id}`);
      // Long enough for a connection to be put back for the next call.
      await sleep(4);
    }
    server.close();
  });

  it("does not follow a redirect, which would carry the key elsewhere", async () => {
    const { client, seen } = await clientOf(() => ({ status: 302, headers: { location: "/elsewhere" } }));
    expect(await refusal(client.getAsset("7"))).toMatchObject({
      code: "protocol",
      status: 302,
      retryable: false,
    });
    expect(seen).toHaveLength(1);
  });
});

function active_() {
  return { json: active };
}

describe("the key", () => {
  it("is read from the environment in Node.js; a missing key is an error that names the variable", () => {
    const before = process.env.ATLASCLOUD_API_KEY;
    delete process.env.ATLASCLOUD_API_KEY;
    try {
      expect(() => createAtlasClient()).toThrow(
        expect.objectContaining({ code: "no-key", hint: expect.stringContaining("ATLASCLOUD_API_KEY") }),
      );
      process.env.ATLASCLOUD_API_KEY = key;
      expect(createAtlasClient().consoleBaseUrl).toBe("https://console.atlascloud.ai/api/v1");
    } finally {
      if (before === undefined) delete process.env.ATLASCLOUD_API_KEY;
      else process.env.ATLASCLOUD_API_KEY = before;
    }
  });

  it("can be fetched for each request, and is validated before it becomes a header", async () => {
    let n = 0;
    const { client, seen } = await clientOf(active_, { apiKey: async () => `key-${++n}` });
    await client.getAsset("7");
    await client.getAsset("7");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer key-1", "Bearer key-2"]);
    const bad = await clientOf(active_, { apiKey: () => "new\nline-secret" });
    const error = await bad.client.getAsset("7").catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "no-key" });
    expect(inspect(error)).not.toContain("line-secret");
  });

  it("is refused in a page, unless dangerouslyAllowBrowser is set", () => {
    const page = globalThis as Record<string, unknown>;
    page.window = {};
    page.document = {};
    try {
      expect(() => createGeneric({ apiKey: key })).toThrow(expect.objectContaining({ code: "browser-key" }));
      expect(createGeneric({ apiKey: key, dangerouslyAllowBrowser: true })).toBeDefined();
    } finally {
      delete page.window;
      delete page.document;
    }
  });

  it("of a few letters is not removed from answers: it may be a word in them", async () => {
    const { client } = await clientOf(
      () => ({ json: { code: 200, data: { id: 7, name: "test clip", status: "Active" } } }),
      { apiKey: "test" },
    );
    expect((await client.getAsset("7")).name).toBe("test clip");
  });

  it("and query strings are on no error, in whatever form the server repeats them", async () => {
    const echo = `token ${key} for https://b.example/x.mp4?X-Amz-Signature=SIGNED&a=${key}, https:\\/\\/b.example\\/y?sig=SIGNED2`;
    const scripts = [
      () => ({ status: 400, json: { code: 400, message: echo } }),
      () => ({ status: 401, json: { msg: echo }, headers: { "x-request-id": `r-${key}` } }),
      () => ({ status: 200, json: { code: `InvalidParameter.${key}`, message: echo } }),
      () => ({ status: 500, text: `<html>${echo}` }),
      () => ({ status: 200, json: { code: 200, data: { echo } } }),
      () => "cut" as const,
    ];
    for (const script of scripts) {
      const { client } = await clientOf(script);
      const error = await refusal(
        client.registerAsset({ ...video, url: "https://b.example/x.mp4?X-Amz-Signature=SIGNED" }),
      );
      const shown = [
        inspect(error, { depth: 20, showHidden: true }),
        JSON.stringify(error),
        error.stack,
        String(error.cause),
      ].join();
      expect(shown).not.toContain(key);
      expect(shown).not.toContain("SIGNED");
    }
    const nowhere = createAtlasClient({ apiKey: key, consoleBaseUrl: "http://127.0.0.1:1999" });
    const error = await refusal(nowhere.registerAsset(video));
    expect(error).toMatchObject({ code: "network", outcome: "none", retryable: true });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(key);
  });
});

describe("answers", () => {
  const flat = { id: 9007199254740991, ark_asset_id: "asset-9", status: "PROCESSING", extra: { kept: true } };
  it.each([
    ["wrapped, code 200", { code: 200, data: flat }],
    ['wrapped, code "200"', { code: "200", message: "ok", data: flat }],
    ["wrapped, code 0", { code: 0, data: flat }],
    ["wrapped, no code", { data: flat }],
    ["flat", flat],
  ])("an asset %s", async (_name, body) => {
    // One that no double can hold.
    const text = JSON.stringify(body).replace(/900719925474099\d/, "9007199254740993");
    const { client } = await clientOf(() => ({ text }));
    expect(await client.registerAsset(video)).toMatchObject({
      id: "9007199254740993",
      arkAssetId: "asset-9",
      atlasAssetId: null,
      uri: "asset://asset-9",
      status: "processing",
      rawStatus: "PROCESSING",
      raw: { extra: { kept: true } },
    });
  });

  const uriOf = async (
    data: object,
    order?: ("id" | "ark_asset_id" | "atlas_asset_id")[],
  ): Promise<Asset> => {
    const { client } = await clientOf(
      () => ({ json: { code: 200, data } }),
      order && { assetUriOrder: order },
    );
    return client.getAsset("7");
  };
  it("the asset:// reference uses the best id", async () => {
    const all = { id: 7, atlas_asset_id: "atlas-asset-7", ark_asset_id: "asset-7", status: "active" };
    expect((await uriOf(all)).uri).toBe("asset://atlas-asset-7");
    expect((await uriOf(all, ["ark_asset_id", "atlas_asset_id"])).uri).toBe("asset://asset-7");
    expect((await uriOf(all, ["id"])).uri).toBe("asset://7");
    expect((await uriOf({ id: "rec-7", status: "processing" })).uri).toBe("asset://rec-7");
    expect(await uriOf({ id: 7, status: "processing" })).toMatchObject({ uri: null, notes: [] });
    expect(await uriOf({ id: 7, status: "Active" })).toMatchObject({
      uri: "asset://7",
      notes: [expect.stringContaining("numeric")],
    });
  });

  it.each([
    ["Active", "active"],
    ["ACTIVE", "active"],
    ["failed", "failed"],
    ["Rejected", "failed"],
    ["error", "failed"],
    ["Archived", "processing"],
    ["", "processing"],
    [null, "processing"],
  ])("status %s is %s: unknown is never success", async (raw, status) => {
    expect((await uriOf({ id: "x", status: raw })).status).toBe(status);
  });

  it.each([
    [
      "data.download_url",
      { code: 200, data: { download_url: "https://a.example/1", url: "https://a.example/2" } },
    ],
    ["data.url", { code: 200, data: { url: "https://a.example/1" }, url: "https://a.example/2" }],
    [
      "top-level download_url",
      { code: 200, data: {}, download_url: "https://a.example/1", url: "https://a.example/2" },
    ],
    ["top-level url", { url: "https://a.example/1" }],
    [
      "an invalid address before a valid one",
      { data: { download_url: "/relative" }, code: 200, url: "https://a.example/1" },
    ],
  ])("an upload's address in %s", async (_name, json) => {
    const { client } = await clientOf(() => ({ json }));
    expect((await client.uploadMedia(new Uint8Array(1))).url).toBe("https://a.example/1");
  });

  it("an upload without an http(s) address is a protocol error", async () => {
    for (const url of ["ftp://a.example/1", "javascript:1", "", 5]) {
      const { client } = await clientOf(() => ({ json: { code: 200, data: { download_url: url } } }));
      expect(await refusal(client.uploadMedia(new Uint8Array(1)))).toMatchObject({ code: "protocol" });
    }
  });

  it("an answer that does not follow the contract is a protocol error, and leaves a registration's outcome unknown", async () => {
    for (const json of [
      { code: 200, data: {} },
      { code: 200, data: [] },
      { code: 200 },
      [],
      "text",
      null,
      { data: null },
    ]) {
      const { client, seen } = await clientOf(() => ({ json }));
      expect(await refusal(client.registerAsset(video))).toMatchObject({
        code: "protocol",
        outcome: "unknown",
      });
      expect(seen).toHaveLength(1);
    }
  });
});

describe("errors", () => {
  it.each([
    [400, "invalid-request", false, "none"],
    [401, "unauthorized", false, "none"],
    [402, "payment-required", false, "none"],
    [403, "forbidden", false, "none"],
    [404, "not-found-upstream", false, "none"],
    [413, "too-large", false, "none"],
    [422, "unprocessable", false, "none"],
    [429, "rate-limited", true, "none"],
    [451, "legally-unavailable", false, "none"],
    [500, "server", true, "unknown"],
    [503, "server", true, "unknown"],
    [504, "server", true, "unknown"],
  ] as const)("%i is %s", async (status, code, retryable, outcome) => {
    const answer = {
      json: { code: status, msg: "why", message: "other" },
      headers: { "x-request-id": "req-1" },
    };
    for (const carried of [status, 200]) {
      const { client, seen } = await clientOf(() => ({ ...answer, status: carried }));
      const error = await refusal(client.registerAsset(video));
      expect(error).toMatchObject({
        code,
        status,
        retryable,
        outcome,
        requestId: "req-1",
        host: "console",
        name: "AtlasError",
      });
      expect(error.message).toContain("why");
      expect(seen).toHaveLength(1);
    }
  });

  it("the hint for 401 names the path and the host as possible causes", async () => {
    const { client } = await clientOf(() => ({ status: 401, json: {} }));
    expect((await refusal(client.getAsset("7"))).hint).toMatch(/unknown path.*console base URL/);
  });

  it.each([
    [{ code: "InvalidParameter.DurationTooLong", message: "x" }, "DurationTooLong"],
    [{ code: 400, error: { code: "FpsTooLow", message: "x" } }, "FpsTooLow"],
    [{ code: 400, data: { error_code: 40012 } }, "40012"],
    [{ code: 400, message: "InvalidParameter.PixelCountTooLarge: 2073600" }, "PixelCountTooLarge"],
    [{ code: 400, message: "bad" }, null],
  ])("the upstream code of %j is %s", async (json, upstreamCode) => {
    const { client } = await clientOf(() => ({ status: 400, json }));
    expect(await refusal(client.registerAsset(video))).toMatchObject({ upstreamCode });
  });

  it.each([
    ["InvalidParameter.DurationTooLong", "invalid-request", "none", "DurationTooLong"],
    ["RequestLimitExceeded", "rate-limited", "none", "RequestLimitExceeded"],
    ["InternalError", "server", "unknown", "InternalError"],
    [10042, "protocol", "unknown", "10042"],
  ])("HTTP 200 with error code %s is %s, outcome %s", async (code, expected, outcome, upstreamCode) => {
    const { client } = await clientOf(() => ({ json: { code, message: "x" } }));
    expect(await refusal(client.registerAsset(video))).toMatchObject({
      code: expected,
      outcome,
      upstreamCode,
    });
  });

  it("an HTML page of a proxy is named as such", async () => {
    const { client, seen } = await clientOf(() => ({ status: 403, text: "<html>Forbidden</html>" }));
    const error = await refusal(client.registerAsset(video));
    expect(error).toMatchObject({ code: "forbidden", retryable: true, outcome: "none" });
    expect(error.message).toContain("HTML page");
    expect(error.message).not.toContain("Forbidden");
    expect(seen).toHaveLength(1);
  });

  it.each(["", ".", "..", "a/b", "trash", "x?y", "a b", "\n"])("the id %j makes no request", async (id) => {
    const { client, seen } = await clientOf(active_);
    await expect(client.getAsset(id)).rejects.toMatchObject({ code: "usage" });
    await expect(client.trashAsset(id)).rejects.toMatchObject({ code: "usage" });
    expect(seen).toHaveLength(0);
  });
});

describe("retries", () => {
  const faults = [
    "cut",
    "cut-answer",
    { status: 429, json: {} },
    { status: 503, text: "<html>" },
    { status: 200, text: "<html>" },
    { status: 200, json: { code: 500 } },
  ] as const;
  const isPage = (fault: (typeof faults)[number]): boolean =>
    typeof fault === "object" && fault.status === 200 && "text" in fault;
  it("GET and uploadMedia survive every fault; a page in answer to an upload is reported at once", async () => {
    for (const fault of faults) {
      const get = await clientOf((_, n) => (n < 3 ? fault : active_()));
      expect((await get.client.getAsset("7")).id).toBe("7");
      expect(get.seen).toHaveLength(3);
      if (isPage(fault)) continue;
      const up = await clientOf((_, n) => (n < 3 ? fault : { json: { url: "https://a.example/1" } }));
      await up.client.uploadMedia(new Uint8Array(70_000));
      expect(up.seen).toHaveLength(3);
      expect(new Set(up.seen.map(({ body }) => body.toString("hex"))).size).toBe(1);
    }
  });

  it("registerAsset and generateVideo are sent once; the error states whether they may have had an effect", async () => {
    for (const fault of faults) {
      const { client, seen } = await clientOf(() => fault);
      const outcome = typeof fault === "object" && fault.status === 429 ? "none" : "unknown";
      expect(await refusal(client.registerAsset(video))).toMatchObject({ outcome });
      expect(await refusal(client.generateVideo({ model: "m" }))).toMatchObject({ outcome });
      expect(seen.filter(({ method }) => method === "POST")).toHaveLength(2);
    }
  });

  it("a terminal status is not retried", async () => {
    for (const status of [400, 401, 402, 404, 413, 422, 451]) {
      const { client, seen } = await clientOf(() => ({ status, json: {} }));
      await refusal(client.uploadMedia(new Uint8Array(1)));
      expect(seen).toHaveLength(1);
    }
  });

  it("a request to a server that never answers ends with the timeout", async () => {
    const { client, seen } = await clientOf((_, n) => (n < 3 ? "never" : active_()), { timeout: 500 });
    expect((await client.getAsset("7")).id).toBe("7");
    expect(seen).toHaveLength(3);
    const deaf = await clientOf(() => "never", { timeout: 40 });
    expect(await refusal(deaf.client.registerAsset(video))).toMatchObject({
      code: "timeout",
      outcome: "unknown",
      retryable: true,
    });
    expect(deaf.seen).toHaveLength(1);
  });

  it("trash, rename and restore are repeated: an asset that no longer exists counts as trashed", async () => {
    const trash = await clientOf((_, n) => (n === 1 ? "cut" : { status: 404, json: {} }));
    await trash.client.trashAsset("7");
    const gone = await clientOf(() => ({ status: 204 }));
    await gone.client.trashAsset("7");
    const restored = await clientOf(({ method }, n) =>
      method === "GET" ? active_() : n === 1 ? "cut" : { status: 404, json: {} },
    );
    expect((await restored.client.restoreAsset("7")).id).toBe("7");
    const renamed = await clientOf(({ method }, n) =>
      method === "GET" ? active_() : n === 1 ? "cut" : { status: 204 },
    );
    expect((await renamed.client.renameAsset("7", "n")).id).toBe("7");
  });

  it("the caller's signal stops at once, during a request and between two", async () => {
    for (const answer of ["never", { status: 503, json: {} }] as const) {
      const { client } = await clientOf(() => answer, { retry: { base: 60_000, cap: 60_000 } });
      const begun = performance.now();
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 50);
      await expect(client.getAsset("7", { signal: stop.signal })).rejects.toMatchObject({ code: "aborted" });
      // Either would take half a minute more.
      expect(performance.now() - begun).toBeLessThan(15_000);
    }
    const { client, seen } = await clientOf(active_);
    await expect(client.registerAsset(video, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(seen).toHaveLength(0);
  });
});

describe("uploads", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "atlas-upload-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const png = Uint8Array.from([
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 1, 0, 0, 0, 1, 0, 8, 2, 0, 0, 0,
  ]);
  const headOf = async (file: Blob | Uint8Array | string, options = {}): Promise<string> => {
    const { client, seen } = await clientOf(() => ({ json: { url: "https://a.example/1" } }));
    await client.uploadMedia(file, options);
    const [one] = seen;
    expect(Number(one?.headers["content-length"])).toBe(one?.body.byteLength);
    expect(one?.headers["transfer-encoding"]).toBeUndefined();
    // Cross-check: the multipart parser of Node.js finds the complete file.
    const form = await new Response(one?.body as BodyInit, {
      headers: { "content-type": one?.headers["content-type"] ?? "" },
    }).formData();
    const part = form.get("file") as File;
    const sent = typeof file === "string" ? png : file instanceof Blob ? await file.bytes() : file;
    expect(Buffer.from(await part.arrayBuffer()).equals(Buffer.from(sent))).toBe(true);
    return `${part.name} ${part.type}`;
  };

  it("get their name and type from the detected format", async () => {
    expect(await headOf(png)).toBe("file.png image/png");
    expect(await headOf(new File([png], "photo"))).toBe("photo.png image/png");
    expect(await headOf(new File([png], "photo.jpg", { type: "image/jpeg" }))).toBe("photo.png image/png");
    expect(await headOf(new File([png], "v1.2"))).toBe("v1.2.png image/png");
    const path = join(folder, "sunset.PNG");
    await writeFile(path, png);
    expect(await headOf(path)).toBe("sunset.PNG image/png");
    expect(await headOf(png, { filename: "given.bin", contentType: "image/x-own" })).toBe(
      "given.bin image/x-own",
    );
  });

  it("a file name cannot break out of its header", async () => {
    const evil = 'a";x="\r\nX-Evil: 1\r\n\r\n../日本\u202egpj.png';
    const said = await headOf(png, { filename: evil, contentType: "image/png\r\nX-Evil: 1" });
    expect(said).toContain("日本");
    expect(said).toMatch(/image\/png$/);
    expect(said).not.toMatch(/Evil|\/日本|\u202e/);
  });

  it("report progress up to the full size", async () => {
    const { client } = await clientOf(() => ({ json: { url: "https://a.example/1" } }));
    const steps: number[] = [];
    await client.uploadMedia(new Uint8Array(500_000), {
      onProgress: ({ loaded, total, phase }) => {
        expect([phase, total]).toEqual(["upload", 500_000]);
        steps.push(loaded);
      },
    });
    expect(steps.at(-1)).toBe(500_000);
    expect(steps.length).toBeGreaterThan(3);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  });

  it("stop if the file changes during the upload, and are not retried", async () => {
    const path = join(folder, "growing.png");
    await writeFile(path, new Uint8Array(3_000_000));
    const openFile = async () => {
      const blob = await openAsBlob(path);
      await appendFile(path, "more");
      return { blob, name: "growing.png" };
    };
    const { client, seen } = await clientOf(() => ({ json: { url: "https://a.example/1" } }), { openFile });
    const named = { filename: "a.png", contentType: "image/png" };
    expect(await refusal(client.uploadMedia(path, named))).toMatchObject({
      code: "changed",
      retryable: false,
    });
    expect(seen).toHaveLength(0);
  });

  it("of a missing file, a directory or a path in a page are coded errors", async () => {
    const { client } = await clientOf(active_);
    await expect(client.uploadMedia(join(folder, "none"))).rejects.toMatchObject({ code: "not-found" });
    await expect(client.uploadMedia(folder)).rejects.toMatchObject({ code: "unreadable" });
    await expect(createGeneric({ apiKey: key }).uploadMedia("path")).rejects.toMatchObject({ code: "usage" });
  });
});
