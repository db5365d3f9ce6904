import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { bundlePackage } from "../package/pages.ts";

/* dist/browser in a page without a bundler: what is loaded before the first verdict, and what works without a network. */

const { files } = await bundlePackage();
const start = `
import * as media from "/index.js";
globalThis.check = async (name) => {
  const file = new File([globalThis.held.get(name)], name);
  return media.preflight(file).then(({ facts, verdict }) => [facts.format, verdict], ({ code, hint }) => [code, hint]);
};
globalThis.hold = async (...names) => {
  const bytes = async (name) => [name, await (await fetch("/files/" + name)).arrayBuffer()];
  globalThis.held = new Map(await Promise.all(names.map(bytes)));
};
globalThis.media = media;
`;
const samples: Readonly<Record<string, string>> = {
  "a.mp4": "video/mp4-h264-aac.mp4",
  "a.heic": "image/heic-640x480.heic",
  "a.tif": "image/tiff-3-pages.tif",
  "a.jpg": "image/jpeg-640x480.jpg",
  "a.wav": "audio/wav-pcm-stereo-3s.wav",
  "a.mp3": "audio/mp3-stereo-3s.mp3",
};

let server: Server;
let browser: Browser;
beforeAll(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://page.invalid").pathname;
    const sample = samples[path.slice("/files/".length)];
    const script = path === "/start.js" ? start : files.get(path.slice(1));
    const body = sample ? readFileSync(new URL(`../../fixtures/${sample}`, import.meta.url)) : script;
    const page = path === "/" ? "<!doctype html><script type=module src=/start.js></script>" : null;
    response.writeHead((page ?? body) ? 200 : 404, {
      "content-type": page ? "text/html" : "text/javascript",
      "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'",
    });
    response.end(page ?? body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  browser = await chromium.launch({ executablePath: await findChromium() });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** A page that has the library and the bytes of all samples, and the scripts that it loaded. */
async function open(): Promise<{ page: Page; scripts: string[] }> {
  const page = await browser.newPage();
  const scripts: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (files.has(pathname.slice(1))) scripts.push(pathname.slice(1));
  });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction("globalThis.media");
  await page.evaluate(`hold(...${JSON.stringify(Object.keys(samples))})`);
  return { page, scripts };
}

const weight = (scripts: readonly string[]): number =>
  scripts.reduce((sum, name) => sum + gzipSync(files.get(name) as Uint8Array, { level: 9 }).length, 0);

test("loads a few files, then one parser with the first file of its kind", async () => {
  const { page, scripts } = await open();
  expect(scripts.length).toBeLessThanOrEqual(10);
  expect(weight(scripts)).toBeLessThanOrEqual(21_500);
  const before = scripts.length;
  expect(await page.evaluate('check("a.jpg")')).toEqual(["jpeg", "pass"]);
  const reader = scripts.slice(before);
  expect(reader.filter((name) => !name.startsWith("chunk-"))).toEqual([expect.stringMatching(/^still-/)]);
  expect(weight(reader)).toBeLessThanOrEqual(5000);
  expect(await page.evaluate('check("a.jpg")')).toEqual(["jpeg", "pass"]);
  expect(scripts).toHaveLength(before + reader.length);
  await page.close();
});

test("says what is missing without a network, and works when the network is back", async () => {
  const { page } = await open();
  await page.context().setOffline(true);
  for (let times = 0; times < 2; times++)
    expect(await page.evaluate('check("a.mp4")')).toEqual(["network", "check the connection and try again"]);
  await page.context().setOffline(false);
  expect(await page.evaluate('check("a.mp4")')).toEqual(["mp4", "pass"]);
  expect(await page.evaluate('check("a.jpg")')).toEqual(["jpeg", "pass"]);
  await page.close();
});

test("needs no network for any file once the parsers were loaded ahead", async () => {
  const { page, scripts } = await open();
  await page.evaluate("media.preloadParsers()");
  const loaded = scripts.length;
  await page.context().setOffline(true);
  const formats: unknown[] = [];
  for (const name of Object.keys(samples))
    formats.push(((await page.evaluate(`check(${JSON.stringify(name)})`)) as string[])[0]);
  expect(formats).toEqual(["mp4", "heic", "tiff", "jpeg", "wav", "mp3"]);
  expect(scripts).toHaveLength(loaded);
  await page.close();
});

test("loads a ledger with its first call", async () => {
  const { page, scripts } = await open();
  const key = { sha256: "0".repeat(64), type: "video", origin: "https://x.example", account: "default" };
  const before = scripts.length;
  const step = await page.evaluate(`(async () => {
    const ledger = media.memoryLedger();
    const claim = await ledger.claim(${JSON.stringify(key)}, "a.mp4");
    await claim.record({ step: "checked", at: "2026-11-22T00:00:00Z" });
    await claim.release();
    await ledger.flush();
    return (await Array.fromAsync(ledger.entries())).map(({ file, step, owner }) => [file, step, owner]);
  })()`);
  expect(step).toEqual([["a.mp4", "checked", undefined]]);
  expect(scripts.length).toBeGreaterThan(before);
  await page.close();
});
