import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";
import { findChromium } from "../browser/chromium.ts";
import { key, type RunningHandler, signedIn, startHandler } from "./start-handler.ts";

let browser: Browser;
let script: string;
let running: RunningHandler;

/** What the page does with a file: all of it in the browser, over XMLHttpRequest. */
const entry = `
  import { preflight } from "./src/browser.ts";
  import { createBrowserSubmitAndPush } from "./src/push/submit-and-push.browser.ts";
  import { createServerClient } from "./src/server-client/client.ts";
  const { submit } = createBrowserSubmitAndPush(preflight);
  globalThis.send = async (endpoint, headers, bytes, signal) => {
    const steps = [];
    const file = new File([new Uint8Array(bytes)], "sunset.mp4", { type: "video/mp4" });
    const options = { atlas: createServerClient({ endpoint, headers }), type: "video", crossCheck: "never" };
    try {
      const asset = await submit(file, { ...options, onProgress: (step) => steps.push({ ...step }), signal });
      return { uri: asset.uri, status: asset.status, steps };
    } catch (error) {
      return { code: error.code, message: error.message, steps };
    }
  };
  globalThis.sendAndLeave = (endpoint, headers, bytes) => send(endpoint, headers, bytes, AbortSignal.timeout(300));
`;

interface Outcome {
  uri?: string;
  status?: string;
  code?: string;
  steps: { phase: string; loaded: number; total: number | null }[];
}
declare const send: (...given: unknown[]) => Promise<Outcome>;
declare const sendAndLeave: typeof send;

beforeAll(async () => {
  const bundle = await build({
    stdin: { contents: entry, resolveDir: new URL("../..", import.meta.url).pathname },
    bundle: true,
    format: "iife",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  script = bundle.outputFiles[0]?.text ?? "";
  const pages = {
    "/": { type: "text/html", body: "<!doctype html><script src=/page.js></script>" },
    "/page.js": { type: "text/javascript", body: script },
  };
  running = await startHandler({ spool: "disk" }, {}, pages);
  browser = await chromium.launch({ executablePath: await findChromium() });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await running?.close();
});

const bytes = [...clip()];

test("a page sends a file to its own server, with progress of both transfers", async () => {
  const page = await browser.newPage();
  await page.goto(new URL("/", running.endpoint).href);
  const done = await page.evaluate(([headers, bytes]) => send("/media", headers, bytes), [
    signedIn,
    bytes,
  ] as const);
  expect(done).toMatchObject({ status: "active", uri: expect.stringMatching(/^asset:\/\/atlas-asset-/) });
  const sent = done.steps.filter((step) => step.phase === "upload").map((step) => step.loaded);
  expect(sent).toEqual(sent.toSorted((a, b) => a - b));
  expect(sent.at(-1)).toBe(clip().length);
  expect(sent.some((loaded) => loaded > 0 && loaded < clip().length)).toBe(true);
  expect(script + (await page.content())).not.toContain(key);
  await page.close();
});

test("a page that cancels leaves no file and no asset", async () => {
  running.emulator.set({ delayed: 1, delayMs: 1500, faultsOn: ["upload"] });
  const assets = running.emulator.snapshot().assets.length;
  const page = await browser.newPage();
  await page.goto(new URL("/", running.endpoint).href);
  const stopped = await page.evaluate(([headers, bytes]) => sendAndLeave("/media", headers, bytes), [
    signedIn,
    bytes,
  ] as const);
  expect(stopped.code).toBe("timeout");
  await expect.poll(() => running.spooled()).toEqual([]);
  expect(running.emulator.snapshot().assets.length).toBe(assets);
  await page.close();
});

test("a page of another origin is refused, even with the token", async () => {
  const uploads = running.emulator.snapshot().uploads.length;
  const page = await browser.newPage();
  // The same server by another name is another origin.
  await page.goto(new URL("/", running.endpoint).href.replace("127.0.0.1", "localhost"));
  const refused = await page.evaluate(([endpoint, headers, bytes]) => send(endpoint, headers, bytes), [
    running.endpoint,
    signedIn,
    bytes,
  ] as const);
  expect(refused.code).toBe("network");
  expect(running.events.at(-1)).toMatchObject({ type: "rejected", status: 403 });
  expect(running.emulator.snapshot().uploads.length).toBe(uploads);
  await page.close();
});
