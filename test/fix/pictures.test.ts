import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { nodeEngines } from "../../src/engines/engines.node.ts";
import { fix } from "../../src/fix/fix.node.ts";
import { defineTable, preflight } from "../../src/index.ts";
import { cornerColors, cornered, ffmpeg, ffmpegInstalled, ffprobe, worstDifference } from "./tools.ts";

/* Pictures whose kind is easily lost: CMYK, animation, transparency, 16 bits, high dynamic range. */

const root = mkdtempSync(join(tmpdir(), "fix-pictures-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
function folder(): string {
  const path = join(root, String(folders++));
  mkdirSync(path);
  return path;
}
const passes = async (path: string | null): Promise<void> =>
  expect(await preflight(path ?? "", { strict: true })).toMatchObject({ verdict: "pass" });

/** 240×240, which is too small: a red and a blue half, transparent on the right where it has alpha. */
function halves(alpha: boolean): Sharp {
  const channels = alpha ? 4 : 3;
  const raw = Buffer.alloc(240 * 240 * channels);
  for (let i = 0; i < 240 * 240; i++) {
    const left = i % 240 < 120;
    raw.set(left ? [255, 0, 0] : [0, 0, 255], i * channels);
    if (alpha) raw[i * channels + 3] = left ? 255 : 0;
  }
  return sharp(raw, { raw: { width: 240, height: 240, channels } });
}

/** Seconds that the pictures of an APNG are shown: the delays of its fcTL chunks (PNG third edition, 11.3.6.2). */
function apngSeconds(path: string): number {
  const bytes = readFileSync(path);
  let seconds = 0;
  for (let at = 8; at + 8 < bytes.length; at += 12 + bytes.readUInt32BE(at))
    if (bytes.toString("latin1", at + 4, at + 8) === "fcTL")
      seconds += bytes.readUInt16BE(at + 28) / (bytes.readUInt16BE(at + 30) || 100);
  return seconds;
}

type Pixel = number[];

/** The colours left and right, as 8-bit RGBA. */
async function sides(path: string): Promise<[Pixel, Pixel]> {
  const image = sharp(path).toColourspace("srgb").ensureAlpha();
  const { data, info } = await image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  const pixel = (x: number): Pixel => {
    const at = (Math.round(info.height / 2) * info.width + Math.round(x * info.width)) * 4;
    return [...data.subarray(at, at + 4)];
  };
  return [pixel(0.1), pixel(0.9)];
}

describe("a picture that is too small", () => {
  test("in CMYK becomes RGB that looks the same", async () => {
    const path = join(folder(), "cmyk.jpg");
    await halves(false).toColourspace("cmyk").jpeg({ quality: 95 }).toFile(path);
    expect((await sharp(path).metadata()).space).toBe("cmyk");
    const { output, outcome } = await fix(path);
    expect(outcome).toBe("fixed");
    await passes(output);
    expect((await sharp(output ?? "").metadata()).space).toBe("srgb");
    const [before, after] = [await sides(path), await sides(output ?? "")];
    for (const [i, color] of before.entries())
      for (const [c, value] of color.entries())
        expect(Math.abs(value - (after[i]?.[c] ?? 0))).toBeLessThan(12);
  });

  test.each(["png", "webp"] as const)("keeps its transparency as %s", async (format) => {
    const path = join(folder(), `alpha.${format}`);
    await halves(true).toFormat(format, { lossless: true }).toFile(path);
    const { output, plan } = await fix(path);
    await passes(output);
    expect(output?.endsWith(`.fixed.${format}`)).toBe(true);
    expect(plan.losses).toEqual([]);
    const [left, right] = await sides(output ?? "");
    expect(left[3]).toBe(255);
    expect(right[3]).toBe(0);
    expect(left[0]).toBeGreaterThan(240);
  });

  test("loses its transparency only for a colour that was chosen", async () => {
    const path = join(folder(), "alpha.png");
    await halves(true).png().toFile(path);
    const rules = defineTable({
      id: "jpeg-only",
      title: "Test",
      source: "https://example.com",
      checked: "2026-11-29",
      types: { image: { format: { in: ["jpeg"] } } },
    });
    expect(await fix(path, { rules })).toMatchObject({ outcome: "cannot", reason: { code: "alpha" } });
    const { output, plan } = await fix(path, { rules, background: "#00ff00" });
    expect(plan.losses).toContainEqual(expect.objectContaining({ kind: "alpha" }));
    const [left, right] = await sides(output ?? "");
    expect(left[0]).toBeGreaterThan(230);
    expect(right[1]).toBeGreaterThan(230);
    expect(right[2]).toBeLessThan(30);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "that is a TIFF of orientation %i becomes upright",
    async (orientation) => {
      const path = join(folder(), "turned.tiff");
      await halves(false).resize(260, 200, { fit: "fill" }).withMetadata({ orientation }).tiff().toFile(path);
      const { output } = await fix(path);
      await passes(output);
      const pixels = async (file: string): Promise<number[]> => [
        ...(await sharp(file).autoOrient().resize(4, 4, { fit: "fill" }).raw().toBuffer()),
      ];
      const [before, after] = [await pixels(path), await pixels(output ?? "")];
      expect(Math.max(...before.map((value, i) => Math.abs(value - (after[i] ?? 0))))).toBeLessThan(24);
    },
  );

  test("names the GPS position and EXIF tags that a TIFF loses", async () => {
    const path = join(folder(), "place.tiff");
    // Little-endian: a directory of ImageWidth, ImageLength, BitsPerSample, Compression, PhotometricInterpretation,
    // StripOffsets, SamplesPerPixel, RowsPerStrip, StripByteCounts, the EXIF and the GPS directory (both empty).
    const entries = [
      [256, 240],
      [257, 240],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, 8],
      [277, 1],
      [278, 240],
      [279, 57_600],
      [0x8769, 57_608],
      [0x8825, 57_608],
    ] as const;
    const file = Buffer.alloc(57_608 + 6 + 2 + entries.length * 12 + 4);
    file.write("II*\0", 0, "latin1");
    const directory = 57_608 + 6;
    file.writeUInt32LE(directory, 4);
    file.writeUInt16LE(entries.length, directory);
    entries.forEach(([tag, value], i) => {
      const at = directory + 2 + i * 12;
      file.writeUInt16LE(tag, at);
      file.writeUInt16LE(4, at + 2);
      file.writeUInt32LE(1, at + 4);
      file.writeUInt32LE(value, at + 8);
    });
    writeFileSync(path, file);
    const { output, plan } = await fix(path);
    await passes(output);
    expect(plan.losses.map(({ kind }) => kind)).toEqual(["gps", "metadata"]);
  });

  test("names the bits of a sample that the file has, not those that a decoder holds", async () => {
    const path = join(folder(), "ten.avif");
    await halves(false).resize(400, 400).avif({ bitdepth: 10, quality: 90 }).toFile(path);
    const { output, plan } = await fix(path);
    await passes(output);
    expect(plan.losses).toEqual([{ kind: "bit-depth", detail: "10 → 8" }]);
  });

  test("keeps its 16 bits as PNG", async () => {
    const path = join(folder(), "deep.png");
    const raw = new Uint16Array(240 * 240 * 3);
    // A ramp finer than 8 bits can state.
    for (let i = 0; i < raw.length; i++) raw[i] = 20_000 + (Math.floor(i / 3) % 240) * 10;
    await sharp(raw, { raw: { width: 240, height: 240, channels: 3 } })
      .toColourspace("rgb16")
      .png()
      .toFile(path);
    expect((await sharp(path).metadata()).depth).toBe("ushort");
    const { output, plan } = await fix(path);
    await passes(output);
    expect(plan.losses).toEqual([]);
    expect((await sharp(output ?? "").metadata()).depth).toBe("ushort");
    const values = await sharp(output ?? "")
      .toColourspace("rgb16")
      .raw({ depth: "ushort" })
      .toBuffer();
    expect(new Set(new Uint16Array(values.buffer, values.byteOffset, 900)).size).toBeGreaterThan(60);
  });

  test("that moves is not written in a format that would hold its frames as one strip", async () => {
    const path = join(folder(), "loop.gif");
    const frames = [halves(false), halves(false).negate()].map((one) => one.png().toBuffer());
    await sharp(await Promise.all(frames), { join: { animated: true } })
      .gif()
      .toFile(path);
    expect((await preflight(path)).facts.frames).toBe(2);
    // sharp writes no animated PNG.
    expect(await fix(path, { to: "png" })).toMatchObject({
      outcome: "cannot",
      reason: { code: "animation" },
    });
    const webp = await fix(path, { to: "webp" });
    expect((await preflight(webp.output ?? "")).facts.frames).toBe(2);
    const still = await fix(path, { to: "png", firstFrame: true });
    expect(still.plan.losses).toContainEqual({ kind: "animation", detail: "2 → 1" });
  });

  test.skipIf(!ffmpegInstalled)(
    "that is an APNG keeps its pictures, and is reduced to one only where that was chosen (needs ffmpeg)",
    async () => {
      const path = join(folder(), "animated.png");
      ffmpeg(
        "-f",
        "lavfi",
        "-i",
        cornered(240, 240, { rate: 5, seconds: 1 }),
        "-plays",
        "0",
        "-f",
        "apng",
        path,
      );
      expect((await preflight(path)).facts.frames).toBe(5);
      const { output } = await fix(path);
      await passes(output);
      expect((await preflight(output ?? "")).facts.frames).toBe(5);
      expect(apngSeconds(output ?? "")).toBeCloseTo(1, 1);
      expect(worstDifference(cornerColors(path), cornerColors(output ?? ""))).toBeLessThan(12);
      const first = await fix(path, { firstFrame: true });
      expect(first.outcome).toBe("fixed");
      await passes(first.output);
      expect(first.plan.losses).toContainEqual(expect.objectContaining({ kind: "animation" }));
    },
  );
});

const { ffmpeg: engine } = await nodeEngines();
const traits = await engine?.capabilities();
const makesHdr = traits?.toneMapping === true && traits.encoders.has("libx265");

describe.skipIf(!makesHdr)("an HDR clip (needs ffmpeg with zscale, tonemap and libx265)", () => {
  const hdr = join(root, "hdr.mp4");
  if (makesHdr)
    ffmpeg(
      ...["-f", "lavfi", "-i", cornered(1280, 720, { seconds: 2.2 }), "-f", "lavfi", "-i", "sine=d=2.2"],
      ...[
        "-vf",
        "format=yuv420p10le",
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-tag:v",
        "hvc1",
        "-c:a",
        "aac",
      ],
      ...["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"],
      ...[
        "-x265-params",
        "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:hdr10=1",
        hdr,
      ],
    );

  test("stays as it is where it passes", async () => {
    expect(await fix(hdr, { out: folder() })).toMatchObject({ outcome: "fits" });
  });

  test("becomes H.264, 8 bits, BT.709 and AAC with --compatible, and says what that loses", async () => {
    const out = folder();
    const { output, plan } = await fix(hdr, { out, compatible: true });
    await passes(output);
    const [video, audio] = ffprobe(output ?? "").streams;
    expect(video).toMatchObject({ codec_name: "h264", pix_fmt: "yuv420p", color_transfer: "bt709" });
    expect(audio?.codec_name).toBe("aac");
    expect(plan.losses.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["hdr", "bit-depth"]));
    // Tone-mapped: colours move, but each corner keeps its hue.
    const colors = cornerColors(output ?? "", 1);
    const strongest = colors.map((color) => color.indexOf(Math.max(...color)));
    expect(strongest.slice(0, 3)).toEqual([0, 1, 2]);
    expect(worstDifference(colors, cornerColors(hdr, 1))).toBeGreaterThan(0);
    expect(readdirSync(out)).toEqual(["hdr.fixed.mp4"]);
  });
});
