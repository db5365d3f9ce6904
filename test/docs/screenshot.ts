/*
 * `npm run docs:screenshot` takes the picture in README.md from the real page: the element in Chromium, with a clip
 * that fails. Needs ffmpeg, which makes the clip.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "../browser/chromium.ts";
import { startDemo } from "../demo/server.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "media-preflight-screenshot-"));
const clip = join(folder, "sunset-drive.mp4");
const source = "gradients=s=1920x1080:c0=0x1b2a6b:c1=0xf28c38:c2=0x5b1f69:n=3:r=25";
execFileSync("ffmpeg", [
  ...["-v", "error", "-f", "lavfi", "-i", source, "-f", "lavfi", "-i", "sine=r=48000"],
  ...["-t", "20", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", clip],
]);
const demo = await startDemo();
const browser = await chromium.launch({ executablePath: await findChromium() });
try {
  const page = await browser.newPage({ viewport: { width: 820, height: 1000 }, deviceScaleFactor: 2 });
  await page.goto(`${demo.url}?empty`);
  await page.waitForSelector("media-preflight[data-ready]");
  await page.locator("media-preflight").evaluate((element) => element.setAttribute("type", "video"));
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.locator("media-preflight").getByRole("button").first().click(),
  ]);
  await chooser.setFiles(clip);
  await page.locator("media-preflight .thumb canvas").waitFor();
  await page.getByRole("button", { name: /^Make it fit/ }).waitFor();
  // The card fades in.
  await page.waitForTimeout(1000);
  await page.locator("media-preflight").screenshot({ path: join(root, ".github/element.png") });
} finally {
  await browser.close();
  await demo.close();
  rmSync(folder, { recursive: true });
}
