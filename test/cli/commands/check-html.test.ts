import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { nodeEngines } from "../../../src/engines/engines.node.ts";
import { fixture, ran, spawned } from "../run.ts";

/* `check --format html`: one page on stdout, with thumbnails where an engine is installed. */

const folder = mkdtempSync(join(tmpdir(), "media-preflight-check-html-"));
afterAll(() => rmSync(folder, { recursive: true }));
const { ffmpeg } = await nodeEngines();

mkdirSync(join(folder, "shots"));
copyFileSync(fixture("video/aspect-above-2.5.mp4"), join(folder, "shots/wide.mp4"));
copyFileSync(fixture("image/jpeg-exif-ifd-at-20.jpg"), join(folder, "shots/turned.jpg"));
copyFileSync(fixture("audio/wav-24-bit.wav"), join(folder, "shots/talk.wav"));
copyFileSync(fixture("damaged/empty.mp4"), join(folder, "shots/empty.mp4"));

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

test("judges as every other format does, and shows the limits that are met too", async () => {
  const { code, out, err } = await ran(["check", "--format", "html", "shots", "gone.mp4"], { cwd: folder });
  expect(code).toBe(2);
  expect(err).toContain("gone.mp4");
  expect(out).toMatch(/^<!doctype html>/);
  expect(count(out, /<li class="card"/g)).toBe(5);
  expect(count(out, /data-state="error" data-size/g)).toBe(1);
  expect(count(out, /data-met="/g)).toBeGreaterThan(2);
  expect(out.endsWith("</html>\n")).toBe(true);
});

test.skipIf(!ffmpeg)("has a thumbnail of every file that decodes (needs ffmpeg)", async () => {
  const { out } = await ran(["check", "--format", "html", "shots"], { cwd: folder });
  expect(count(out, /<img src="data:image\/webp;base64,/g)).toBe(3);
});

test("without ffmpeg and for what comes by stdin it has typed placeholders", () => {
  const { stdout } = spawned(["check", "--format", "html", "shots/wide.mp4", "shots/talk.wav"], {
    cwd: folder,
    env: { PATH: "/nonexistent", FFMPEG_PATH: "" },
  });
  expect(stdout).not.toContain("<img");
  expect(stdout).toContain('href="#i-video"');
  expect(stdout).toContain('href="#i-audio"');
});

test("no byte of a file itself gets into the page", async () => {
  const secret = "GPS-HOME-ADDRESS";
  const app1 = Buffer.concat([Buffer.from([0xff, 0xfe, 0, secret.length + 2]), Buffer.from(secret)]);
  const { readFileSync } = await import("node:fs");
  const jpeg = readFileSync(fixture("image/jpeg-exif-ifd-at-20.jpg"));
  writeFileSync(join(folder, "secret.jpg"), Buffer.concat([jpeg.subarray(0, 2), app1, jpeg.subarray(2)]));
  const { out } = await ran(["check", "--format", "html", "secret.jpg"], { cwd: folder });
  const [, base64 = ""] = /base64,([^"]+)"/.exec(out) ?? [];
  expect(base64.length).toBeGreaterThan(100);
  expect(Buffer.from(base64, "base64").includes(secret)).toBe(false);
});

test("what passed under a set is shown as well", async () => {
  const { out } = await ran(
    ["check", "--format", "html", "--set", "reference-to-video", "shots/turned.jpg"],
    {
      cwd: folder,
    },
  );
  expect(out).toContain('<section class="set card"');
  expect(out).toContain("data-met=");
});
