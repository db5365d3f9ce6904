import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fix } from "../../src/fix/fix.node.ts";
import { preflight } from "../../src/index.ts";
import { cornered, ffmpeg, ffmpegInstalled, ffprobe } from "./tools.ts";

/* Recordings whose headers state no duration, or another one than that of the tracks. */

const root = mkdtempSync(join(tmpdir(), "fix-durations-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"];
const vp8 = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M", "-c:a", "libopus"];
const recording = (seconds: { video: number; audio: number }): string[] => [
  ...["-f", "lavfi", "-i", cornered(960, 640, { seconds: seconds.video })],
  ...["-f", "lavfi", "-i", `sine=r=48000:d=${seconds.audio}`],
];

async function expectSeconds(path: string, seconds: { video: number; audio: number }): Promise<void> {
  const { outcome, output, reason } = await fix(path);
  expect([outcome, reason]).toEqual(["fixed", null]);
  expect((await preflight(output ?? "", { strict: true })).verdict).toBe("pass");
  const { streams } = ffprobe(output ?? "");
  const found = Object.fromEntries(streams.map((s) => [s.codec_type, Number(s.duration)]));
  expect(Math.abs((found.video ?? 0) - seconds.video)).toBeLessThan(0.1);
  expect(Math.abs((found.audio ?? 0) - seconds.audio)).toBeLessThan(0.1);
}

describe.skipIf(!ffmpegInstalled)("a recording (needs ffmpeg and ffprobe)", () => {
  test("whose audio is much longer than its video keeps all of it", async () => {
    const path = join(root, "longer-audio.mkv");
    ffmpeg(...recording({ video: 2.2, audio: 14 }), ...h264, path);
    await expectSeconds(path, { video: 2.2, audio: 14 });
  });

  test("that was streamed, so that it states no duration, is measured", async () => {
    const path = join(root, "streamed.webm");
    const made = recording({ video: 2.2, audio: 3 });
    // Into a pipe: the muxer cannot go back to write the duration.
    const args = ["-nostdin", "-v", "error", ...made, ...vp8, "-f", "webm", "-live", "1", "-"];
    writeFileSync(path, execFileSync("ffmpeg", args, { maxBuffer: 2 ** 26 }));
    expect(ffprobe(path).duration).toBe(0);
    await expectSeconds(path, { video: 2.2, audio: 3 });
  });

  test("whose timestamps start late is as long as its tracks", async () => {
    const path = join(root, "late.mkv");
    ffmpeg(...recording({ video: 2.2, audio: 2.2 }), ...h264, "-output_ts_offset", "5", path);
    expect(ffprobe(path).duration).toBeGreaterThan(7);
    await expectSeconds(path, { video: 2.2, audio: 2.2 });
  });
});
