import { globSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { preflight, type Report } from "../../src/index.ts";
import { locateWasm } from "../../wasm/locate.node.ts";
import { findChromium } from "../browser/chromium.ts";
import { bundlePages } from "../package/pages.ts";
import { longRun } from "../property-runs.ts";

/*
 * Every fixture, and files that are no fixtures, through the browser build in Chromium, under a strict policy: the
 * whole JSON report is what Node says, with and without cross-check library.
 */

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const root = new URL("../../fixtures/", import.meta.url).pathname;
const fixtures = globSync("{audio,damaged,image,refused,video}/*", { cwd: root })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => !name.endsWith(".json"))
  .sort();

/** Fixtures cut, with bytes changed, or behind others: files that lie nowhere. */
function made(): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let seed = 20_261_122;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (const [i, name] of fixtures.entries()) {
    if (i % 3 !== 0) continue;
    const bytes = new Uint8Array(readFileSync(root + name));
    const cut = bytes.slice(0, next(bytes.length + 1));
    files.set(`made/cut-${basename(name)}`, cut);
    const changed = bytes.slice();
    for (let n = 0; n < 8 && changed.length > 0; n++)
      changed[next(Math.min(changed.length, 4096))] = next(256);
    files.set(`made/changed-${basename(name)}`, changed);
  }
  return files;
}

const others = made();
/** The libraries read each file again, several times as long as our own readers: a third of the files in a short run. */
const crossChecked = fixtures.filter((_, i) => longRun || i % 3 === 0);
let server: Server;
let browser: Browser;
let page: Page;
const foreign: string[] = [];

beforeAll(async () => {
  const served = new Map<string, { type: string; body: Uint8Array | string }>();
  const { files } = await bundlePages({ page: "src/browser.ts", worker: "src/facts/cross-check/worker.ts" });
  for (const [name, body] of files) served.set(`/${name}`, { type: "text/javascript", body });
  served.set("/MediaInfoModule.wasm", { type: "application/wasm", body: readFileSync(locateWasm()) });
  served.set("/", { type: "text/html", body: "<!doctype html><script type=module src=/start.js></script>" });
  served.set("/start.js", {
    type: "text/javascript",
    body: "import * as media from '/page.js'; globalThis.media = media;",
  });
  server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    const file = path.startsWith("/files/")
      ? { type: "application/octet-stream", body: bytesOf(path.slice("/files/".length)) }
      : served.get(path);
    response.writeHead(file ? 200 : 404, {
      "content-type": file?.type ?? "text/plain",
      "content-security-policy": policy,
    });
    response.end(file?.body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: await findChromium() });
  page = await browser.newPage();
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== base) foreign.push(request.url());
  });
  await page.goto(base);
  await page.waitForFunction("globalThis.media");
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

const bytesOf = (name: string): Uint8Array => others.get(name) ?? new Uint8Array(readFileSync(root + name));

/** The reports of the files in the page, as JSON. */
const inPage = (names: readonly string[], options: object): Promise<Record<string, Report>> =>
  page.evaluate(
    `(async () => {
      const out = {};
      for (const name of ${JSON.stringify(names)}) {
        const bytes = await (await fetch("/files/" + encodeURIComponent(name))).arrayBuffer();
        const file = new File([bytes], name.split("/").pop());
        out[name] = await media.preflight(file, ${JSON.stringify(options)});
      }
      return JSON.parse(JSON.stringify(out));
    })()`,
  );

async function nodePreflight(names: readonly string[], options: object): Promise<Record<string, Report>> {
  const out: Record<string, Report> = {};
  for (const name of names) out[name] = await preflight(bytesOf(name), { ...options, name: basename(name) });
  return JSON.parse(JSON.stringify(out)) as Record<string, Report>;
}

const batches = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

test("there is something to compare", () => {
  expect(fixtures.length).toBeGreaterThan(150);
  expect(others.size).toBeGreaterThan(80);
  expect(crossChecked.length).toBeGreaterThan(longRun ? 150 : 50);
});

describe("our parsers alone", () => {
  const options = { crossCheck: "never", findings: "all" };
  test.each(batches([...fixtures, ...others.keys()], 40))("%s and 39 more", async (...names) => {
    expect(await inPage(names, options)).toEqual(await nodePreflight(names, options));
  });
});

describe("with every cross-check library, in a Worker, its module served", () => {
  test.each(batches(crossChecked, 25))(
    "%s and 24 more",
    async (...names) => {
      const options = { crossCheck: "always", findings: "all" };
      const crossCheckOptions = { wasmUrl: "/MediaInfoModule.wasm", workerUrl: "/worker.js" };
      const inBrowser = await inPage(names, { ...options, crossCheckOptions });
      expect(inBrowser).toEqual(await nodePreflight(names, options));
    },
    120_000,
  );
  test("some reports depend on them", async () => {
    const always = await nodePreflight(["video/mvhd-claims-20s.mp4"], { crossCheck: "always" });
    expect(JSON.stringify(always).includes('"mediainfo"')).toBe(true);
  });
});

test("the page requests nothing from another origin", () => expect(foreign).toEqual([]));
