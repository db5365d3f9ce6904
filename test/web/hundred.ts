import type { Page } from "playwright-core";
import type { MediaPreflightElement } from "../../src/web/element/element.ts";
import { type Dropped, fixture, prepareDrop } from "./stage.ts";

const files = [
  "video/mp4-h264-aac.mp4",
  "video/pixels-1920x1080.mp4",
  "image/jpeg-640x480.jpg",
  "audio/mp3-stereo-3s.mp3",
  "audio/wav-pcm-stereo-3s.wav",
];

/**
 * Drops a hundred files on the page's element, waits for every report, and clears it; the most checked at once.
 * `around` is given the drop and the wait, once the files are made.
 */
export async function checkHundred(
  page: Page,
  around: (act: () => Promise<void>) => Promise<void> = (act) => act(),
): Promise<number> {
  const samples = files.map((path) => fixture(path));
  const hundred = Array.from({ length: 100 }, (_, i) => ({
    ...(samples[i % samples.length] as Dropped),
    name: `${i}.mp4`,
  }));
  await page.evaluate(() => {
    const element = document.querySelector("media-preflight") as MediaPreflightElement;
    const most = { checking: 0 };
    Object.assign(globalThis, { most });
    const look = () => {
      const busy = element.shadowRoot?.querySelectorAll("[data-state=checking]").length ?? 0;
      most.checking = Math.max(most.checking, busy);
      requestAnimationFrame(look);
    };
    look();
  });
  const release = await prepareDrop(page, hundred);
  await around(async () => {
    await release();
    await page.waitForFunction(
      () => (document.querySelector("media-preflight") as MediaPreflightElement).reports.length === 100,
      null,
      { timeout: 60_000, polling: 250 },
    );
  });
  const most = Number(await page.evaluate("most.checking"));
  await page.getByRole("button", { name: "Clear" }).click();
  return most;
}
