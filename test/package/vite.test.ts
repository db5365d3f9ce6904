import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { afterAll, expect, inject, test } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { newProject, run } from "./stranger.ts";

/* A Vite project as src/web/README.md shows it: built, served, and used to make a clip fit and send it. */

const clip = new URL("../web/fix/bars-1080p-3s.mp4", import.meta.url).pathname;

const files = {
  "index.html": `<!doctype html><html lang="en"><title>Vite</title>
<media-preflight type="video" endpoint="/media"></media-preflight><script type="module" src="/main.js"></script></html>
`,
  "main.js": `import "media-preflight/element";
import workerUrl from "media-preflight/fix-worker?worker&url";
document.querySelector("media-preflight").setAttribute("fix-worker-url", workerUrl);
`,
  "server.js": `import { serve } from "@hono/node-server";
import { createAtlasClient } from "media-preflight";
import { startEmulator } from "media-preflight/emulator";
import { createHandler } from "media-preflight/server";
const { apiBaseUrl, consoleBaseUrl } = await startEmulator();
const atlas = createAtlasClient({ apiKey: "emulator", apiBaseUrl, consoleBaseUrl });
const handler = createHandler({ atlas, authorize: () => ({ ok: true, label: "me" }) });
serve({ fetch: handler, port: 0, hostname: "127.0.0.1" }, ({ port }) => console.log("port " + port));
`,
};

/** The proxy in object form, as the page shows it; `vite preview` takes it from `preview`. */
const config = (port: string): string => `
const proxy = { "/media": { target: "http://127.0.0.1:${port}", changeOrigin: false } };
export default { server: { proxy }, preview: { proxy, port: 0 }, worker: { format: "es" } };
`;

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill();
});

/** Starts a script and waits until it prints what is looked for; without colours, which Vite prints inside its address in CI. */
function start(cwd: string, args: readonly string[], wanted: RegExp): Promise<string> {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  return new Promise((resolve, reject) => {
    let output = "";
    const deadline = setTimeout(() => reject(new Error(`no ${wanted} within 30 s in: ${output}`)), 30_000);
    child.stdout.on("data", (text: Buffer) => {
      output += text.toString();
      const found = wanted.exec(output)?.[1];
      if (!found) return;
      clearTimeout(deadline);
      resolve(found);
    });
    child.once("exit", () => reject(new Error(`it ended: ${output}`)));
  });
}

test("Vite builds it, and a clip that fails is made to fit and sent through its proxy", async () => {
  const folder = `${inject("scratch")}/vite`;
  const encoders = ["mediabunny", "@mediabunny/aac-encoder", "@mediabunny/mp3-encoder"];
  newProject(folder, files, [inject("tarball"), "vite@8", ...encoders]);
  const port = await start(folder, ["server.js"], /port (\d+)/);
  newProject(folder, { "vite.config.js": config(port) }, []);
  const vite = "node_modules/vite/bin/vite.js";
  run(folder, process.execPath, [vite, "build"]);
  expect(readdirSync(`${folder}/dist/assets`).some((name) => name.startsWith("fix-worker"))).toBe(true);
  const url = await start(folder, [vite, "preview"], /(http:\/\/localhost:\d+)/);
  const browser = await chromium.launch({ executablePath: await findChromium() });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose files" }).click();
    await (await choosing).setFiles(clip);
    await page.getByRole("button", { name: /^Make it fit: / }).click();
    await page.getByRole("button", { name: /^Send: .*\.fixed\.mp4$/ }).click({ timeout: 120_000 });
    const asset = page.locator(".asset code");
    await asset.waitFor({ timeout: 60_000 });
    expect(await asset.textContent()).toMatch(/^asset:\/\//);
  } finally {
    await browser.close();
  }
});
