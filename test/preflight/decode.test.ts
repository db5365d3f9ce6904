import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

  test("finds zeros in the middle, and says when", async () => {
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

  test("finds a flipped bit in a picture", async () => {
    const bytes = readFileSync(new URL("../../fixtures/image/png-640x480.png", import.meta.url));
    expect((await preflight(bytes, { decode: true })).verdict).toBe("pass");
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 16;
    expect(await preflight(bytes, { decode: true })).toMatchObject({ verdict: "fail" });
  });
});
