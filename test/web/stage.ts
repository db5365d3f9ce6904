import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findChromium } from "../browser/chromium.ts";
import { type Demo, type DemoOptions, startDemo } from "../demo/server.ts";

/** The demo in a browser: the real page, the real server handler, the emulator behind it. */
export interface Stage {
  demo: Demo;
  browser: Browser;
  /** Every address that any page asked for. */
  addresses: string[];
  /** A page with the element ready; what went wrong on it, and every address that it asked for. */
  open(options?: BrowserContextOptions & { path?: string }): Promise<Opened>;
  close(): Promise<void>;
}

export interface Opened {
  page: Page;
  errors: string[];
  addresses: string[];
}

export async function stage(options: DemoOptions = {}): Promise<Stage> {
  const demo = await startDemo({ ...options, emulator: { processingMs: 100, ...options.emulator } });
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
      await page.goto(demo.url + path);
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

/** Drops files on the element, as somebody's hand would. */
export async function drop(page: Page, ...files: (string | Dropped)[]): Promise<void> {
  const letGo = await carry(page, files);
  await letGo();
}

/** Takes files to the page; what is returned drops them. */
export async function carry(page: Page, files: readonly (string | Dropped)[]): Promise<() => Promise<void>> {
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

/** The row of a file. */
export const row = (page: Page, name: string) => page.locator("li.file", { hasText: name });
