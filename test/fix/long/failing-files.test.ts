import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fix } from "../../../src/fix/fix.node.ts";
import { nodePreflight } from "../../../src/preflight/preflight.node.ts";
import { cornerColors, ffmpegInstalled, ffprobe, has, worstDifference } from "../tools.ts";
import { failingFiles } from "./failing-files.ts";

/* Files that fail, one of each kind, become files that pass by the strictest reading; ffprobe and ffmpeg are the judges. */

const folder = mkdtempSync(join(tmpdir(), "fix-failing-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const needs: Readonly<Record<string, string>> = { "exif-rotated.jpg": "exiftool", "small.heic": "heif-enc" };

describe.skipIf(!ffmpegInstalled)("a file that fails (needs ffmpeg and ffprobe)", () => {
  for (const file of failingFiles) {
    const tool = needs[file.name];
    test.skipIf(tool && !has(tool))(`${file.name} is fixed${tool ? ` (needs ${tool})` : ""}`, async () => {
      const path = join(folder, file.name);
      file.make(path);
      const before = statSync(path);
      expect((await nodePreflight.preflight(path, { strict: true })).verdict).not.toBe("pass");
      const result = await fix(path, file.options);
      expect(result, JSON.stringify(result.reason)).toMatchObject({ outcome: "fixed", reason: null });
      const output = result.output ?? "";
      expect((await nodePreflight.preflight(output, { strict: true })).verdict).toBe("pass");
      expect(statSync(path)).toMatchObject({ mtimeMs: before.mtimeMs, size: before.size, ino: before.ino });
      expect(readdirSync(folder).filter((name) => name.startsWith(".media-preflight"))).toEqual([]);
      if (file.lossless) expect(result.plan.lossless).toBe(true);

      // ffprobe does not open HEIC.
      const source = file.name.endsWith(".heic") ? { duration: 0 } : ffprobe(path);
      const copy = ffprobe(output);
      const audible = copy.streams.filter((stream) => stream.codec_type === "audio");
      expect(audible).toHaveLength(file.audioTracks);
      const { facts } = result.report;
      if (facts.duration !== null)
        expect(Math.abs(facts.duration - (file.seconds ?? source.duration))).toBeLessThanOrEqual(0.101);
      if (file.ratio === null) return;
      const shown = (facts.width ?? 0) / (facts.height ?? 1);
      expect(Math.abs(shown / file.ratio - 1)).toBeLessThan(0.012);
      if (file.colors !== false && file.name !== "small.heic")
        expect(worstDifference(cornerColors(path), cornerColors(output, 0, file.borders))).toBeLessThan(24);
    });
  }
});
