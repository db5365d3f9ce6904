import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { type Demo, type DemoOptions, startDemo } from "../demo/server.ts";

/** The demo in a browser: the real page and server handler, with the emulator behind them. */
export interface Stage {
  demo: Demo;
  browser: Browser;
  /** Every URL that any page requested. */
  addresses: string[];
  /** A page with the element ready, its errors and every URL that it requested. */
  open(options?: BrowserContextOptions & { path?: string }): Promise<Opened>;
  close(): Promise<void>;
}

export interface Opened {
  page: Page;
  errors: string[];
  addresses: string[];
}

export async function stage(options: DemoOptions = {}): Promise<Stage> {
  // Active at the first question: the next would come after 2 s.
  const demo = await startDemo({ ...options, emulator: { processingMs: 0, ...options.emulator } });
  const browser = await chromium.launch({ executablePath: await findChromium() });
  const all: string[] = [];
  return {
    demo,
    browser,
    addresses: all,
    async open({ path = "", ...context } = {}) {
      const page = await (await browser.newContext(context)).newPage();
      const errors: string[] = [];
      const addresses: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("request", (request) => {
        addresses.push(request.url());
        all.push(request.url());
      });
      await page.goto(demo.url + (path || "?empty"));
      if (path === "") await page.waitForSelector("media-preflight[data-ready]");
      return { page, errors, addresses };
    },
    async close() {
      await browser.close();
      await demo.close();
    },
  };
}

const types: Readonly<Record<string, string>> = { mp4: "video/mp4", jpg: "image/jpeg", wav: "audio/wav" };

export interface Dropped {
  name: string;
  bytes: Uint8Array;
}

export const fixture = (path: string, name = basename(path)): Dropped => ({
  name,
  bytes: readFileSync(new URL(`../../fixtures/${path}`, import.meta.url)),
});

/** Drops files on the element, as a user does. */
export async function drop(page: Page, ...files: (string | Dropped)[]): Promise<void> {
  const release = await prepareDrop(page, files);
  await release();
}

/** Puts files into a drag on the page; the returned function drops them. */
export async function prepareDrop(
  page: Page,
  files: readonly (string | Dropped)[],
): Promise<() => Promise<void>> {
  const given = files
    .map((file) => (typeof file === "string" ? fixture(file) : file))
    .map(({ name, bytes }) => ({
      name,
      type: types[name.split(".").pop() ?? ""] ?? "",
      base64: Buffer.from(bytes).toString("base64"),
    }));
  const dataTransfer = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type, lastModified: 1 }));
    }
    return transfer;
  }, given);
  return async () => {
    for (const type of ["dragenter", "dragover", "drop"])
      await page.dispatchEvent("media-preflight", type, { dataTransfer });
  };
}

export const passing = "video/mp4-h264-aac.mp4";
export const failing = "video/pixels-1920x1080.mp4";

/** A file's state as the element shows it. */
export const state = (page: Page, name: string) => row(page, name).getAttribute("data-state");
export const becomes = (page: Page, name: string, wanted: string) =>
  expect.poll(() => state(page, name)).toBe(wanted);

/** How the emulated service behaves from now on: fine, slow, broken, moderation. */
export const setMood = (page: Page, name: string) =>
  page.evaluate((which) => fetch(`/mood/${which}`, { method: "POST" }).then(() => undefined), name);

/** The row of a file. */
export const row = (page: Page, name: string) => page.locator("li.file", { hasText: name });
