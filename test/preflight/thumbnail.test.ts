import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { nodeEngines } from "../../src/engines/engines.node.ts";
import { thumbnailArguments } from "../../src/engines/ffmpeg/thumbnail.node.ts";
import { fitWithin } from "../../src/engines/thumbnail.ts";
import { preflight } from "../../src/index.ts";
import { thumbnailOf } from "../../src/preflight/thumbnail.node.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");
const { ffmpeg, heif } = await nodeEngines();
const folder = mkdtempSync(join(tmpdir(), "thumbnail-test-"));
// Temporary files go where nothing else does.
process.env.TMPDIR = folder;
afterAll(() => rmSync(folder, { recursive: true }));

async function made(
  name: string,
  options = {},
): Promise<{ width?: number; height?: number; bytes: number } | null> {
  const path = join(fixtures, name);
  const { facts } = await preflight(path);
  const thumbnail = await thumbnailOf(path, facts, options);
  if (!thumbnail) return null;
  const { width, height, format } = await sharp(thumbnail.bytes).metadata();
  expect(format).toBe(thumbnail.format);
  return { width, height, bytes: thumbnail.bytes.byteLength };
}

test("a still keeps its displayed shape inside the box", async () => {
  expect(await made("image/jpeg-exif-ifd-at-20.jpg")).toMatchObject({ width: 144, height: 192 });
  expect(await made("image/tiff-3-pages.tif")).toMatchObject({ width: 256, height: 192 });
  expect(readdirSync(folder)).toEqual([]);
});

test.skipIf(!ffmpeg)(
  "a video gives a frame in its displayed shape, an audio file its waveform (needs ffmpeg)",
  async () => {
    expect(await made("video/aspect-at-0.4.mp4")).toMatchObject({ width: 77, height: 192 });
    expect(await made("audio/wav-24-bit.wav")).toMatchObject({ width: 256, height: 96 });
    expect(await made("image/bmp-400x400.bmp")).toMatchObject({ width: 192, height: 192 });
  },
);

test.skipIf(!heif)("HEIC is decoded first, turned as it is displayed (needs heif-convert)", async () => {
  expect(await made("image/heic-rotated-480x640.heic")).toMatchObject({ width: 144, height: 192 });
});

test("what nothing decodes, what is no media and what is damaged beyond a picture have none", async () => {
  for (const name of ["refused/drawing.svg", "refused/archive.zip", "refused/camera-raw.dng"])
    expect(await made(name)).toBeNull();
});

test("it never has more bytes than allowed", async () => {
  const path = join(fixtures, "image/jpeg-exif-ifd-at-20.jpg");
  const { facts } = await preflight(path);
  const large = await sharp({
    create: {
      width: 1600,
      height: 1200,
      channels: 3,
      background: "#777",
      noise: { type: "gaussian", mean: 128, sigma: 60 },
    },
  })
    .jpeg()
    .toFile(join(folder, "noise.jpg"));
  expect(large.size).toBeGreaterThan(100_000);
  const file = join(folder, "noise.jpg");
  const thumbnail = await thumbnailOf(
    file,
    { ...facts, rotation: 0, width: 1600, height: 1200 },
    { maxBytes: 1_900 },
  );
  expect(thumbnail?.bytes.byteLength).toBeLessThanOrEqual(1_900);
  expect(statSync(file).size).toBe(large.size);
  expect(await thumbnailOf(file, { ...facts, rotation: 0 }, { maxBytes: 20 })).toBeNull();
});

test("an abort ends it", async () => {
  const path = join(fixtures, "image/jpeg-exif-ifd-at-20.jpg");
  const { facts } = await preflight(path);
  await expect(thumbnailOf(path, facts, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "aborted",
  });
});

test("ffmpeg gets the demuxer, the decoders and the largest picture, and opens nothing but the file", () => {
  const job = {
    kind: "video",
    from: "mkv",
    box: { width: 256, height: 192 },
    shown: null,
    rotation: 0,
    at: 1,
    quality: 60,
  } as const;
  const args = thumbnailArguments(job, true, "/in/%d.mkv", "/out/thumbnail.webp");
  const input = args.indexOf("-i");
  expect(args.slice(0, input)).toEqual(
    expect.arrayContaining([
      "-nostdin",
      "-max_alloc",
      "-protocol_whitelist",
      "file,pipe",
      "-codec_whitelist",
      "-max_pixels",
    ]),
  );
  expect(args[args.indexOf("-f") + 1]).toBe("matroska");
  expect(args[input + 1]).toBe("file:/in/%d.mkv");
  expect(args.slice(input)).toEqual(expect.arrayContaining(["-fs", "-frames:v", "-map_metadata", "-1"]));
});

test("a thumbnail is never larger than what is shown", () => {
  expect(fitWithin({ width: 100, height: 50 }, { width: 256, height: 192 })).toEqual({
    width: 100,
    height: 50,
  });
  expect(fitWithin({ width: 10_000, height: 10 }, { width: 256, height: 192 })).toEqual({
    width: 256,
    height: 1,
  });
  expect(fitWithin(null, { width: 256, height: 192 })).toBeNull();
});
