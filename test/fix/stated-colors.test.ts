import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { nodeEngines } from "../../src/engines/engines.node.ts";
import { fix } from "../../src/fix/fix.node.ts";
import { cornerColors, cornered, ffmpeg, worstDifference } from "./tools.ts";

/* AVIF and HEIC state their colors by number or by a profile: a copy without them looks like the original. */

const root = mkdtempSync(join(tmpdir(), "fix-stated-colors-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string): string => join(root, name);

const { ffmpeg: engine } = await nodeEngines();
const traits = await engine?.capabilities();
const makesAvif = traits?.toneMapping === true && traits.encoders.has("libaom-av1");

/** The picture in sRGB, which every AVIF below shows. */
const shown = at("shown.png");
if (makesAvif) ffmpeg("-f", "lavfi", "-i", cornered(400, 320), "-frames:v", "1", shown);

function avif(
  name: string,
  primaries: string,
  transfer: string,
  pixels: string,
  more: string[] = [],
): string {
  const path = at(name);
  const matrix = "bt2020nc";
  const convert = `zscale=min=gbr:rin=full:pin=bt709:tin=iec61966-2-1:m=${matrix}:p=${primaries}:t=${transfer}:r=full:npl=203`;
  ffmpeg(
    ...["-i", shown, "-vf", `format=gbrp,${convert},format=${pixels}`, "-frames:v", "1"],
    ...["-c:v", "libaom-av1", "-crf", "5", "-still-picture", "1", "-cpu-used", "8", "-color_range", "pc"],
    ...["-color_primaries", primaries, "-color_trc", transfer, "-colorspace", matrix, ...more, path],
  );
  return path;
}

describe.skipIf(!makesAvif)("an AVIF (needs ffmpeg with zscale, tonemap and libaom)", () => {
  test.each([
    [
      "Display P3",
      "smpte432",
      "iec61966-2-1",
      "yuv444p",
      [{ kind: "color", detail: "Display P3 → sRGB" }],
      16,
    ],
    // Tone mapping compresses what is nearly white.
    ["PQ", "bt2020", "smpte2084", "yuv444p10le", [{ kind: "bit-depth" }, { kind: "hdr", detail: "pq" }], 60],
    [
      "HLG",
      "bt2020",
      "arib-std-b67",
      "yuv444p10le",
      [{ kind: "bit-depth" }, { kind: "hdr", detail: "hlg" }],
      90,
    ],
  ])(
    "in %s keeps its look as JPEG, and what is lost is named",
    async (name, primaries, transfer, pixels, losses, difference) => {
      const { output, plan, reason } = await fix(avif(`${name}.avif`, primaries, transfer, pixels));
      expect(reason).toBeNull();
      expect(plan.losses).toEqual(losses.map((one) => expect.objectContaining(one)));
      const [before, after] = [cornerColors(shown), cornerColors(output ?? "")];
      expect(worstDifference(before, after)).toBeLessThan(difference);
      expect((await sharp(output ?? "").metadata()).width).toBe(400);
    },
  );

  test("in sRGB, stated by number, is only decoded", async () => {
    const { plan } = await fix(avif("plain.avif", "bt709", "iec61966-2-1", "yuv444p"));
    expect(plan.losses).toEqual([]);
  });
});
