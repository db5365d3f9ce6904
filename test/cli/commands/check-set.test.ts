import { beforeAll, describe, expect, test } from "vitest";
import { formatNames } from "../../../src/report/formatters/formats.node.ts";
import { fixture, ran } from "../run.ts";

/* check --set: the rules for one request's references, over local files. */

const clip = fixture("video/mp4-h264-aac.mp4");
const still = fixture("image/jpeg-640x480.jpg");
const narrow = fixture("image/jpeg-299x300.jpg");
const tone = fixture("audio/wav-pcm-stereo-3s.wav");
const set = ["check", "--set", "reference-to-video"];
const lastOf = (out: string) => JSON.parse(out).at(-1);

describe("check --set reference-to-video", () => {
  test("passes references that are within the limits", async () => {
    const { code, out } = await ran([...set, "--format", "json", clip, still]);
    expect(code).toBe(0);
    expect(lastOf(out)).toEqual({
      set: "reference-to-video",
      verdict: "pass",
      findings: [],
      files: [clip, still],
    });
    expect(JSON.parse(out)[0].findings).toEqual([]);
  });
  test("fails four videos that each pass alone", async () => {
    const { code, out } = await ran([...set, "--format", "ndjson", clip, clip, clip, clip]);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(lines.slice(0, 4).map(({ verdict }) => verdict)).toEqual(["pass", "pass", "pass", "pass"]);
    expect(lines[4]).toMatchObject({ verdict: "fail", findings: [{ rule: "set/videos-count", actual: 4 }] });
  });
  test("fails audio without an image or video", async () => {
    const { code, out } = await ran([...set, "--format", "json", tone]);
    expect(code).toBe(1);
    expect(lastOf(out).findings.map(({ rule }: { rule: string }) => rule)).toEqual([
      "set/audios-needs-visual",
    ]);
  });
  test("has the verdict of a file that fails, and is unsure about one that is missing", async () => {
    const failed = await ran([...set, "--format", "json", clip, narrow]);
    expect(failed.code).toBe(1);
    expect(lastOf(failed.out)).toMatchObject({ verdict: "fail", findings: [] });
    const missing = await ran([...set, "--format", "json", clip, "gone.mp4"]);
    expect(missing.code).toBe(2);
    expect(lastOf(missing.out)).toMatchObject({ verdict: "unsure", files: [clip, "gone.mp4"] });
  });
  test("uses the rule table given by --rules", async () => {
    const four = [clip, clip, clip, clip];
    const { code, err } = await ran([...set, "--rules", "atlas-seedance-2.5", ...four]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });
  test("says that a set fails because of one of its files, as text and as HTML in both languages", async () => {
    const { code, out } = await ran([...set, clip, narrow]);
    expect(code).toBe(1);
    expect(out).toContain("✗ set reference-to-video  2 files together: not all of them pass\n");
    expect((await ran([...set, clip, still])).out).toContain("✓ set reference-to-video  2 files together\n");
    for (const [locale, words] of [
      ["en", "2 files together, not all of which pass"],
      ["zh-CN", "共 2 个文件，其中有文件未通过"],
    ] as const)
      expect((await ran([...set, "--format", "html", "--locale", locale, clip, narrow])).out).toContain(
        words,
      );
  });
  test("lists the known sets for an unknown one", async () => {
    const { code, err } = await ran(["check", "--set", "references", clip]);
    expect(code).toBe(2);
    expect(err).toMatch(/has no set references; it has [^\n]*reference-to-video/);
  });
});

describe("every format contains the set's finding", () => {
  let four: string[];
  beforeAll(() => {
    four = [clip, clip, clip, clip];
  });
  test.each(formatNames)("%s", async (format) => {
    const { code, out } = await ran([...set, "--format", format, ...four]);
    expect(code).toBe(1);
    expect(out).toContain("set/videos-count");
  });
});
