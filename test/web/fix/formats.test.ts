import { afterAll, beforeAll, expect, test } from "vitest";
import { fixture, type Stage } from "../stage.ts";
import { fixInPage, fixStage, give, openFixPage } from "./page.ts";

/* What fix() makes of each kind of file in a real browser, and what it says where the browser cannot. */

let here: Stage;
beforeAll(async () => {
  here = await fixStage();
}, 60_000);
afterAll(() => here?.close());

test("files that fail become files that pass", async () => {
  const page = await openFixPage(here);
  const found: Record<string, string> = {};
  for (const path of [
    "refused/webm.webm",
    "refused/matroska.mkv",
    "refused/flac.flac",
    "refused/opus.opus",
    "refused/avif.avif",
    "audio/mp3-duration-15.3s.mp3",
    "audio/wav-duration-15.3s.wav",
    "image/gif-299x400.gif",
    "image/webp-1600x600-too-wide.webp",
    "video/rate-61.mp4",
    "video/rate-23.mp4",
    "video/aspect-above-2.5.mp4",
  ]) {
    await give(page, fixture(path));
    const { outcome, plan, report, reason } = await fixInPage(page);
    expect([path, outcome, report.verdict, reason]).toEqual([path, "fixed", "pass", null]);
    found[path] = `${plan.steps.map(({ kind }) => kind).join(" ")} → ${report.facts.format}`;
  }
  expect(found).toEqual({
    "refused/webm.webm": "convert frame-rate → mp4",
    "refused/matroska.mkv": "remux → mp4",
    "refused/flac.flac": "convert → wav",
    "refused/opus.opus": "convert → mp3",
    "refused/avif.avif": "convert → jpeg",
    "audio/mp3-duration-15.3s.mp3": "trim → mp3",
    "audio/wav-duration-15.3s.wav": "trim → wav",
    "image/gif-299x400.gif": "convert scale → png",
    "image/webp-1600x600-too-wide.webp": "pad → webp",
    "video/rate-61.mp4": "frame-rate → mp4",
    "video/rate-23.mp4": "frame-rate → mp4",
    "video/aspect-above-2.5.mp4": "pad → mp4",
  });
  await page.context().close();
});

test("what this browser cannot open has a reason, and a command where ffmpeg can", async () => {
  const page = await openFixPage(here);
  const found: Record<string, unknown> = {};
  for (const path of [
    "refused/avi.avi",
    "refused/theora.ogv",
    "image/heic-800x318-too-wide.heic",
    "image/tiff-400x6001-too-tall.tif",
  ]) {
    await give(page, fixture(path));
    const { outcome, reason, plan } = await fixInPage(page);
    expect(outcome).toBe("cannot");
    found[path] = [reason?.message, plan.command?.slice(0, 6) ?? null];
  }
  expect(found).toEqual({
    "refused/avi.avi": ["nothing here decodes it: mediabunny does not read AVI video", null],
    "refused/theora.ogv": ["nothing here decodes it: Ogg video", null],
    "image/heic-800x318-too-wide.heic": ["nothing here decodes it: this browser does not decode HEIC", null],
    "image/tiff-400x6001-too-tall.tif": [
      "nothing here decodes it: this browser does not decode TIFF",
      "ffmpeg",
    ],
  });
  await page.context().close();
});
