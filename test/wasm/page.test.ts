import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { locateWasm } from "../../wasm/locate.node.ts";
import { findChromium } from "../browser/chromium.ts";

/** A page as a user would serve it: bundled, from one origin, under a strict policy. */
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const files = new Map<string, { type: string; body: Uint8Array | string }>();
const asked: string[] = [];
let server: Server;
let browser: Browser;
let page: Page;
let base = "";

interface Said {
  readings: { frameRates: { value: number; from: string }[] };
  crossCheckNotes: { crossCheck: string; why: string }[];
}

beforeAll(async () => {
  const bundle = await build({
    entryPoints: { page: "src/browser.ts", worker: "src/facts/cross-check/worker.ts" },
    bundle: true,
    format: "esm",
    splitting: true,
    platform: "browser",
    conditions: ["module"],
    outdir: "/out",
    write: false,
    logLevel: "silent",
  });
  for (const { path, contents } of bundle.outputFiles)
    files.set(path.slice("/out".length), { type: "text/javascript", body: contents });
  const wasm = readFileSync(locateWasm());
  const changed = Buffer.from(wasm);
  changed.writeUInt8(changed.readUInt8(2_000_000) ^ 1, 2_000_000);
  files.set("/MediaInfoModule.wasm", { type: "application/wasm", body: wasm });
  files.set("/untyped.wasm", { type: "application/octet-stream", body: wasm });
  files.set("/changed.wasm", { type: "application/wasm", body: changed });
  files.set("/clip.mp4", { type: "video/mp4", body: readFileSync("fixtures/video/rate-23.976.mp4") });
  files.set("/", { type: "text/html", body: "<!doctype html><script type=module src=/start.js></script>" });
  files.set("/start.js", {
    type: "text/javascript",
    body: "import * as media from '/page.js'; globalThis.media = media;",
  });
  server = createServer((request, response) => {
    const file = files.get(request.url ?? "");
    asked.push(request.url ?? "");
    response.writeHead(file ? 200 : 404, {
      "content-type": file?.type ?? "text/plain",
      "content-security-policy": policy,
    });
    response.end(file?.body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: await findChromium() });
}, 60_000);

// A new page for each: the module is kept once it is there.
beforeEach(async () => {
  page = await browser.newPage();
  await page.goto(base);
  await page.waitForFunction("globalThis.media");
});
afterEach(() => page.close());

afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** `inspect` of the clip, in the page. */
const inspect = (options: object): Promise<Said> =>
  page.evaluate(
    `fetch("/clip.mp4").then((a) => a.blob()).then((blob) => media.inspect(blob, ${JSON.stringify(options)}))`,
  );
const mediainfo = { value: 24_000 / 1001, from: "mediainfo" };

describe(`in Chromium, under ${policy}`, () => {
  test("nothing of the cross-check library is fetched before one is asked", async () => {
    await inspect({
      crossCheck: "auto",
      crossCheckOptions: { wasmUrl: "/MediaInfoModule.wasm", workerUrl: "/worker.js" },
    });
    expect(asked).not.toContain("/MediaInfoModule.wasm");
    expect(asked).not.toContain("/worker.js");
  });

  test.each([
    ["in a worker", { wasmUrl: "/MediaInfoModule.wasm", workerUrl: "/worker.js" }],
    ["in the page", { wasmUrl: "/MediaInfoModule.wasm" }],
    [
      "in a worker, of a server that does not know the type",
      { wasmUrl: "/untyped.wasm", workerUrl: "/worker.js" },
    ],
  ])("MediaInfo answers %s", async (_, crossCheckOptions) => {
    const { readings, crossCheckNotes } = await inspect({ crossCheck: "always", crossCheckOptions });
    expect(crossCheckNotes).toEqual([]);
    expect(readings.frameRates).toContainEqual(mediainfo);
  });

  test.each([
    [
      "changed bytes, in a worker",
      { wasmUrl: "/changed.wasm", workerUrl: "/worker.js" },
      "is not the pinned MediaInfo module",
    ],
    ["changed bytes, in the page", { wasmUrl: "/changed.wasm" }, "is not the pinned MediaInfo module"],
    ["no module", { wasmUrl: "/none.wasm" }, "HTTP 404"],
    ["no worker", { wasmUrl: "/MediaInfoModule.wasm", workerUrl: "/none.js" }, ""],
    ["another origin", { wasmUrl: "https://example.com/MediaInfoModule.wasm" }, "must come from"],
  ])("%s: a note, and no reading", async (_, crossCheckOptions, why) => {
    const { readings, crossCheckNotes } = await inspect({ crossCheck: "always", crossCheckOptions });
    expect(readings.frameRates.map(({ from }) => from)).not.toContain("mediainfo");
    expect(crossCheckNotes).toMatchObject([{ crossCheck: "mediainfo", why: expect.stringContaining(why) }]);
  });
});
