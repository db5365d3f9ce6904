import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { preflight } from "../../src/index.ts";
import { cornered, ffmpeg, ffmpegInstalled } from "../fix/tools.ts";

/* `decode: true` finds damage that no header shows. */

const folder = mkdtempSync(join(tmpdir(), "decode-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clip = join(folder, "clip.mp4");
if (ffmpegInstalled)
  ffmpeg(
    "-f",
    "lavfi",
    "-i",
    cornered(960, 540, { seconds: 2 }),
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-pix_fmt",
    "yuv420p",
    clip,
  );

describe.skipIf(!ffmpegInstalled)("decoding the whole file (needs ffmpeg)", () => {
  test("passes what decodes, from a path and from bytes", async () => {
    expect(await preflight(clip, { decode: true })).toMatchObject({ verdict: "pass" });
    expect(await preflight(readFileSync(clip), { decode: true })).toMatchObject({ verdict: "pass" });
  });

  test("finds zeros in the middle, and states the time", async () => {
    const damaged = join(folder, "zeros.mp4");
    const bytes = readFileSync(clip);
    bytes.fill(0, Math.floor(bytes.length * 0.6), Math.floor(bytes.length * 0.6) + 4000);
    writeFileSync(damaged, bytes);
    expect(await preflight(damaged)).toMatchObject({ verdict: "pass" });
    const report = await preflight(damaged, { decode: true });
    expect(report.verdict).toBe("fail");
    const finding = report.findings.find(({ rule }) => rule === "video/integrity");
    expect(finding).toMatchObject({ verdict: "fail", reason: "damaged", actual: "undecodable" });
    const seconds = Number(/decoding fails: ([\d.]+) s/.exec(finding?.message ?? "")?.[1]);
    expect(seconds).toBeGreaterThan(0.5);
    expect(seconds).toBeLessThan(2);
  });

  test("finds a flipped bit in a later picture of an APNG", async () => {
    const path = join(folder, "animated.png");
    ffmpeg("-f", "lavfi", "-i", cornered(400, 400, { rate: 5, seconds: 1 }), "-f", "apng", path);
    const bytes = readFileSync(path);
    expect((await preflight(bytes, { decode: true })).verdict).toBe("pass");
    const at = bytes.lastIndexOf("fdAT") + 40;
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    expect((await preflight(bytes)).verdict).toBe("pass");
    const { findings } = await preflight(bytes, { decode: true });
    expect(findings[0]).toMatchObject({ rule: "image/integrity", actual: "undecodable" });
  });

  test("does not take timestamps that start again for damage", async () => {
    const path = join(folder, "once.ts");
    ffmpeg("-i", clip, "-f", "lavfi", "-i", "sine=d=2", "-c:v", "copy", "-c:a", "aac", path);
    const twice = Buffer.concat([readFileSync(path), readFileSync(path)]);
    const { findings } = await preflight(twice, { decode: true });
    expect(findings.map(({ rule }) => rule)).toEqual(["video/format"]);
  });

  test("finds a flipped bit in a picture", async () => {
    const bytes = readFileSync(new URL("../../fixtures/image/png-640x480.png", import.meta.url));
    expect((await preflight(bytes, { decode: true })).verdict).toBe("pass");
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 16;
    expect(await preflight(bytes, { decode: true })).toMatchObject({ verdict: "fail" });
  });
});

describe("damage in a still", () => {
  const row = async (bytes: Uint8Array): Promise<number> => {
    const { verdict, findings } = await preflight(bytes, { decode: true });
    expect(verdict).toBe("fail");
    const message = findings.find(({ rule }) => rule === "image/integrity")?.message ?? "";
    return Number(/decoding fails: row (\d+) of 600,/.exec(message)?.[1]);
  };
  let seed = 20_261_129;
  const pixels = Buffer.from(
    Array.from({ length: 800 * 600 * 3 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return 90 + (seed >>> 24) / 4;
    }),
  );
  const noise = sharp(pixels, { raw: { width: 800, height: 600, channels: 3 } });

  test.each([
    ["jpeg", 0.3],
    ["jpeg", 0.7],
    ["png", 0.5],
  ] as const)("of a %s is named by the row where it begins, at %d of the file", async (format, share) => {
    const bytes = await noise.clone().toFormat(format).toBuffer();
    expect((await preflight(bytes, { decode: true })).verdict).toBe("pass");
    const at = Math.floor(bytes.length * share);
    bytes.fill(0xff, at, at + 300);
    const found = await row(bytes);
    expect(found).toBeGreaterThan(600 * share - 60);
    expect(found).toBeLessThan(600 * share + 60);
  });

  test("of an animation is named by its frame", async () => {
    const frames = await Promise.all(
      [0, 1, 2, 3].map((i) =>
        noise
          .clone()
          .linear(1, i * 10)
          .resize(400, 400)
          .raw()
          .toBuffer(),
      ),
    );
    const raw = { width: 400, height: 1600, channels: 3 as const, pageHeight: 400 };
    const bytes = await sharp(Buffer.concat(frames), { raw }).webp({ lossless: true }).toBuffer();
    const at = Math.floor(bytes.length * 0.6);
    bytes.fill(0xff, at, at + 300);
    const { findings } = await preflight(bytes, { decode: true });
    expect(findings.find(({ rule }) => rule === "image/integrity")?.message).toMatch(/frame 3 of 4,/);
  });
});
