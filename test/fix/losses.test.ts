import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fix } from "../../src/fix/fix.node.ts";
import { cornered, ffmpeg, ffmpegInstalled } from "./tools.ts";

/* What a clip has besides picture and sound: kept, or named among the losses. */

const root = mkdtempSync(join(tmpdir(), "fix-losses-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string): string => join(root, name);

/** A clip of 2.2 s that is too large. */
const clip = ["-f", "lavfi", "-i", cornered(1440, 810, { seconds: 2.2 })];
const fast = ["-preset", "ultrafast", "-c:a", "aac"];

describe.skipIf(!ffmpegInstalled)("a clip that is scaled (needs ffmpeg and ffprobe)", () => {
  test.each([
    ["4:2:0", "libx264", "yuv420p", []],
    ["4:2:2", "libx264", "yuv422p", [{ kind: "color", detail: "4:2:2 → 4:2:0" }]],
    ["4:4:4", "libx264", "yuv444p", [{ kind: "color", detail: "4:4:4 → 4:2:0" }]],
    ["RGB", "libx264rgb", "bgr24", [{ kind: "color", detail: "4:4:4 → 4:2:0" }]],
    ["gray", "libx264", "gray", []],
  ])("from %s names what 4:2:0 loses of its colors", async (_, encoder, pixels, losses) => {
    const path = at(`${pixels}.mp4`);
    ffmpeg(...clip, "-c:v", encoder, "-pix_fmt", pixels, ...fast, path);
    expect((await fix(path, { dryRun: true })).plan.losses).toEqual(losses);
  });
});
