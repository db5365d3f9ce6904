import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { newProject, run } from "./stranger.ts";

/* The tarball bundled by three bundlers, and run in a page with a strict policy, with cross-check library and workers. */

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const folder = `${inject("scratch")}/bundled`;
const clip = readFileSync(resolve("fixtures/video/rate-23.976.mp4"));

/** The same page for all; only the way to configure the two extra files differs. */
const page = `
import { inspect, preflight } from "media-preflight";
import { wasmUrl, workerUrl } from "./addresses.js";
const file = async () => new File([await (await fetch("/clip.mp4")).blob()], "clip.mp4");
globalThis.verdict = async () => {
  const report = await preflight(await file(), { type: "video" });
  const seen = await inspect(await file(), { crossCheck: "always", crossCheckOptions: { wasmUrl, workerUrl } });
  const from = seen.readings.frameRates.map((reading) => reading.from);
  return { verdict: report.verdict, width: report.facts.width, from, notes: seen.crossCheckNotes };
};
// A worker of the page's own, with the library in it.
globalThis.inWorker = async () => {
  const worker = new Worker(new URL("./own-worker.js", import.meta.url), { type: "module" });
  const answer = new Promise((resolve) => { worker.onmessage = (event) => resolve(event.data); });
  worker.postMessage(await file());
  return answer;
};
globalThis.ready = true;
`;
const files = {
  "page.js": page,
  "own-worker.js": `
import { inspect } from "media-preflight";
onmessage = async (event) => postMessage((await inspect(event.data)).facts.width);
`,
  "index.html": '<!doctype html><script type="module" src="/page.js"></script>',
};

const vite = {
  "addresses.js": `
export { default as wasmUrl } from "media-preflight/mediainfo.wasm?url";
export { default as workerUrl } from "media-preflight/cross-check-worker?worker&url";
`,
  // In a policy without data:, no file may become one.
  "vite.config.js": 'export default { worker: { format: "es" }, build: { assetsInlineLimit: 0 } };',
};
/** Webpack does not emit module workers for entries: the built worker is served unchanged, with its chunks. */
const webpack = {
  "addresses.js": `
export const wasmUrl = "/media-preflight/MediaInfoModule.wasm";
export const workerUrl = "/media-preflight/worker.js";
`,
  "build.mjs": `
import { cpSync } from "node:fs";
import webpack from "webpack";
const output = { path: import.meta.dirname + "/dist", publicPath: "/" };
const entry = { page: "./page.js" };
webpack({ mode: "production", context: import.meta.dirname, entry, output }, (error, stats) => {
  if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
  cpSync("../node_modules/media-preflight/dist/browser", "dist/media-preflight", { recursive: true });
});
`,
};
const esbuild = {
  "addresses.js": `
import wasm from "media-preflight/mediainfo.wasm";
export const wasmUrl = "/" + wasm;
export const workerUrl = "/cross-check-worker.js";
`,
};

let server: Server;
let browser: Browser;
let base = "";
let served = "";
beforeAll(async () => {
  newProject(folder, {}, [inject("tarball"), "webpack"]);
  newProject(join(folder, "vite"), { ...files, ...vite }, []);
  newProject(join(folder, "webpack"), { ...files, ...webpack }, []);
  newProject(join(folder, "esbuild"), { ...files, ...esbuild }, []);
  const types: Record<string, string> = {
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".html": "text/html",
  };
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const file = join(served, path === "/" ? "index.html" : path);
    const body =
      path === "/clip.mp4"
        ? clip
        : existsSync(file)
          ? readFileSync(file)
          : path === "/"
            ? files["index.html"]
            : null;
    response.writeHead(body === null ? 404 : 200, {
      "content-security-policy": policy,
      "content-type": types[path === "/" ? ".html" : extname(path)] ?? "application/octet-stream",
    });
    response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await chromium.launch({ executablePath: await findChromium() });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function inPage(dist: string): Promise<void> {
  served = dist;
  const tab = await browser.newPage();
  const refused: string[] = [];
  tab.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text());
  });
  await tab.goto(base);
  await tab.waitForFunction("globalThis.ready");
  expect(await tab.evaluate("verdict()")).toEqual({
    verdict: "pass",
    width: 854,
    from: expect.arrayContaining(["average", "mediainfo"]),
    notes: [],
  });
  expect(await tab.evaluate("inWorker()")).toBe(854);
  expect(refused).toEqual([]);
  await tab.close();
}

test("Vite", async () => {
  const project = join(folder, "vite");
  run(project, resolve("node_modules/.bin/vite"), ["build", "--logLevel", "warn"]);
  await inPage(join(project, "dist"));
});

test("webpack", async () => {
  const project = join(folder, "webpack");
  run(project, process.execPath, ["build.mjs"]);
  await inPage(join(project, "dist"));
});

test("esbuild", async () => {
  const project = join(folder, "esbuild");
  const entries = ["page.js", "own-worker.js", "cross-check-worker=media-preflight/cross-check-worker"];
  const flags = [
    "--bundle",
    "--splitting",
    "--format=esm",
    "--loader:.wasm=file",
    "--outdir=dist",
    "--log-level=error",
  ];
  run(project, resolve("node_modules/.bin/esbuild"), [...entries, ...flags]);
  await inPage(join(project, "dist"));
});
