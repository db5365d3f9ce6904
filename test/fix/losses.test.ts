import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fix } from "../../src/fix/fix.node.ts";
import { xmpBox } from "../../src/fix/metadata/xmp-box.ts";
import { cornered, ffmpeg, ffmpegInstalled, ffprobe } from "./tools.ts";

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

/** Tags of the container, as ffprobe reads them. */
function tagsOf(path: string): Record<string, string> {
  const out = execFileSync("ffprobe", ["-v", "error", "-show_entries", "format_tags", "-of", "json", path]);
  return (JSON.parse(String(out)) as { format: { tags: Record<string, string> } }).format.tags;
}

describe.skipIf(!ffmpegInstalled)("a recording that is cut to length (needs ffmpeg and ffprobe)", () => {
  const tooLong = new URL("../../fixtures/video/duration-15.3s.mp4", import.meta.url).pathname;

  test("keeps its date, place and title, and its copy states its own brand", async () => {
    const path = at("dated.mov");
    const tags = { creation_time: "2024-05-06T07:08:09Z", location: "+48.8577+002.2950/", title: "Hello" };
    const metadata = Object.entries(tags).flatMap(([name, value]) => ["-metadata", `${name}=${value}`]);
    ffmpeg("-i", tooLong, "-c", "copy", ...metadata, path);
    const { output, plan } = await fix(path, { to: "mp4" });
    expect(plan).toMatchObject({ losses: [], lossless: true });
    expect(tagsOf(output ?? "")).toMatchObject({
      ...{ creation_time: "2024-05-06T07:08:09.000000Z", location: "+48.8577+002.2950/", title: "Hello" },
      major_brand: "isom",
    });
  });

  test("keeps its XMP packet", async () => {
    const path = at("described.mp4");
    ffmpeg("-i", tooLong, "-c", "copy", path);
    appendFileSync(path, xmpBox('<x:xmpmeta xmlns:x="adobe:ns:meta/">Mine</x:xmpmeta>'));
    const { output, plan, report } = await fix(path);
    expect([report.verdict, plan.losses]).toEqual(["pass", []]);
    expect(readFileSync(output ?? "", "latin1").split(">Mine<")).toHaveLength(2);
  });

  test("keeps its time code while that is right, and else names it", async () => {
    const path = at("timecode.mov");
    ffmpeg("-i", tooLong, "-c", "copy", "-timecode", "01:00:00:00", path);
    const codes = (file: string): number =>
      ffprobe(file).streams.filter(({ codec_type }) => codec_type === "data").length;
    const whole = await fix(path);
    expect([whole.plan.losses, codes(whole.output ?? "")]).toEqual([[], 1]);
    const later = await fix(path, { trim: 1 });
    expect(later.plan.losses).toEqual([{ kind: "extra-tracks", detail: "tmcd" }]);
    expect(codes(later.output ?? "")).toBe(0);
  });
});
