import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { preflight, preflightReferences } from "../../src/index.ts";
import { type ReferencesReport, tableOfModel } from "../../src/pipeline/references.ts";

const fixture = (path: string): string => join(import.meta.dirname, "../../fixtures", path);
const image = fixture("image/jpeg-640x480.jpg");
const sound = fixture("audio/wav-pcm-stereo-3s.wav");
const model = "bytedance/seedance-2.0/reference-to-video";
const rulesOf = ({ findings }: ReferencesReport): string[] =>
  findings.map(({ rule, verdict, reason }) => `${rule} ${verdict}${reason ? ` ${reason}` : ""}`);
const clips = (...durations: number[]) =>
  durations.map((duration, i) => ({ uri: `asset://atlas-asset-${i}`, duration }));

describe("tableOfModel", () => {
  it.each([
    ["seedance-2.0", "atlas-seedance-2.0"],
    ["bytedance/seedance-2.0-fast", "atlas-seedance-2.0"],
    ["bytedance/seedance-v2.0-mini/reference-to-video", "atlas-seedance-2.0"],
    ["seedance-2", "atlas-seedance-2.0"],
    ["doubao-seedance-2-0-260128", "atlas-seedance-2.0"],
    ["bytedance/seedance-2.5/image-to-video", "atlas-seedance-2.5"],
    ["bytedance/seedance-v1.5-pro", null],
    ["seedance-20", null],
    ["kling-v2.0", null],
    ["", null],
  ])("%s is %s", (name, table) => {
    expect(tableOfModel(name)).toBe(table);
  });
});

describe("preflightReferences", () => {
  it("passes what keeps the rules, each file judged by itself", async () => {
    const report = await preflightReferences({
      model,
      images: [image, await readFile(image)],
      videos: clips(5, 9.9),
      audios: [sound, await preflight(sound), new Blob([await readFile(sound)])],
    });
    expect(rulesOf(report)).toEqual([]);
    expect(report).toMatchObject({ schemaVersion: 1, verdict: "pass", rules: "atlas-seedance-2.0" });
    expect(
      report.references.map(({ role, index, uri, report }) => [role, index, uri, report?.verdict ?? null]),
    ).toEqual([
      ["image", 1, null, "pass"],
      ["image", 2, null, "pass"],
      ["video", 1, "asset://atlas-asset-0", null],
      ["video", 2, "asset://atlas-asset-1", null],
      ["audio", 1, null, "pass"],
      ["audio", 2, null, "pass"],
      ["audio", 3, null, "pass"],
    ]);
  });

  it.each([
    ["ten images", { images: Array(10).fill("asset://i") }, ["set/images-count fail limit"]],
    ["four videos", { videos: clips(2, 2, 2, 2) }, ["set/videos-count fail limit"]],
    ["15.3 s together", { videos: clips(8, 7.3) }, ["set/videos-duration fail limit"]],
    ["15.1 s together: seen to be taken", { videos: clips(8, 7.1) }, ["set/videos-duration"]],
    ["one of 1.5 s", { videos: clips(1.5, 5) }, ["set/videos-duration-each fail limit"]],
    ["audio alone", { audios: clips(5) }, ["set/audios-needs-visual fail limit"]],
    [
      "a frame beside references",
      { images: ["asset://i"], firstFrame: "asset://f" },
      ["set/frames-exclude-references fail limit"],
    ],
    ["a last frame alone", { lastFrame: "asset://f" }, []],
  ])("%s", async (_name, request, expected) => {
    const rules = rulesOf(await preflightReferences({ model, ...request }));
    expect(rules).toHaveLength(expected.length);
    for (const [i, rule] of expected.entries()) expect(rules[i]).toContain(rule);
  });

  it("an asset whose duration nobody gave leaves the sum unread, unless the rest is too long already", async () => {
    const unread = await preflightReferences({ model, videos: ["asset://a", ...clips(5)] });
    expect(unread.verdict).toBe("unsure");
    expect(rulesOf(unread)).toContain("set/videos-duration unsure unread");
    const long = await preflightReferences({ model, videos: ["asset://a", ...clips(9, 9)] });
    expect(rulesOf(long)).toContain("set/videos-duration fail limit");
  });

  it("Seedance 2.5 takes more, and audio alone", async () => {
    const request = { videos: clips(10, 19), audios: clips(5), images: Array(30).fill("asset://i") };
    const newer = await preflightReferences({ model: "seedance-2.5", ...request });
    expect([newer.rules, newer.verdict]).toEqual(["atlas-seedance-2.5", "pass"]);
    expect((await preflightReferences({ model: "seedance-2.5", audios: clips(5) })).verdict).toBe("pass");
  });

  it("a reference that fails by itself is named", async () => {
    const report = await preflightReferences({ model, images: [image, sound] });
    expect(report.verdict).toBe("fail");
    expect(report.findings[0]?.message).toMatch(/^image 2: /);
    const inline = `data:image/jpeg;base64,${(await readFile(image)).toString("base64")}`;
    expect((await preflightReferences({ model, images: [inline] })).verdict).toBe("pass");
    const share = await preflightReferences({ model, images: ["https://drive.google.com/file/d/1/view"] });
    expect(rulesOf(share)).toEqual(["url/share-link fail limit"]);
  });

  it("a model without rules passes nothing", async () => {
    const report = await preflightReferences({ model: "unknown-1", images: ["asset://i"] });
    expect([report.verdict, ...rulesOf(report)]).toEqual(["unsure", "set/model unsure unread"]);
    const named = await preflightReferences(
      { model: "unknown-1", images: ["asset://i"] },
      { rules: "atlas-seedance-2.0" },
    );
    expect(named.verdict).toBe("pass");
  });

  it("what is no asset address is a mistake of the call", async () => {
    await expect(
      preflightReferences({ model, videos: [{ uri: "https://a.example/v.mp4" }] }),
    ).rejects.toMatchObject({ code: "usage" });
  });
});
