import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { preflight, preflightReferences } from "../../src/index.ts";
import { type ReferencesReport, tableOfModel } from "../../src/preflight/references.ts";

const fixture = (path: string): string => join(import.meta.dirname, "../../fixtures", path);
const image = fixture("image/jpeg-640x480.jpg");
const validFile = fixture("audio/wav-pcm-stereo-3s.wav");
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
    ["seedance2.0", "atlas-seedance-2.0"],
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
  it("passes references that satisfy the rules, and checks each file", async () => {
    const report = await preflightReferences({
      model,
      images: [image, await readFile(image)],
      videos: clips(5, 9.9),
      audios: [validFile, await preflight(validFile), new Blob([await readFile(validFile)])],
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

  it("an asset without a duration leaves the sum unread, unless the others are already too long", async () => {
    const unread = await preflightReferences({ model, videos: ["asset://a", ...clips(5)] });
    expect(unread.verdict).toBe("unsure");
    expect(rulesOf(unread)).toContain("set/videos-duration unsure unread");
    const long = await preflightReferences({ model, videos: ["asset://a", ...clips(9, 9)] });
    expect(rulesOf(long)).toContain("set/videos-duration fail limit");
  });

  it("Seedance 2.5 accepts more references, and audio without a picture", async () => {
    const request = { videos: clips(10, 19), audios: clips(5), images: Array(30).fill("asset://i") };
    const newer = await preflightReferences({ model: "seedance-2.5", ...request });
    expect([newer.rules, newer.verdict]).toEqual(["atlas-seedance-2.5", "pass"]);
    expect((await preflightReferences({ model: "seedance-2.5", audios: clips(5) })).verdict).toBe("pass");
  });

  it("names a reference that fails individually", async () => {
    const report = await preflightReferences({ model, images: [image, validFile] });
    expect(report.verdict).toBe("fail");
    expect(report.findings[0]?.message).toMatch(/^image 2: /);
    const inline = `data:image/jpeg;base64,${(await readFile(image)).toString("base64")}`;
    expect((await preflightReferences({ model, images: [inline] })).verdict).toBe("pass");
    const share = await preflightReferences({ model, images: ["https://drive.google.com/file/d/1/view"] });
    expect(rulesOf(share)).toEqual(["url/share-link fail limit"]);
  });

  it("a model without rules never passes", async () => {
    const report = await preflightReferences({ model: "unknown-1", images: ["asset://i"] });
    expect([report.verdict, ...rulesOf(report)]).toEqual(["unsure", "set/model unsure unread"]);
    const named = await preflightReferences(
      { model: "unknown-1", images: ["asset://i"] },
      { rules: "atlas-seedance-2.0" },
    );
    expect(named.verdict).toBe("pass");
  });

  it("all readings of a clip's duration count in the sum, even if the clip passes individually", async () => {
    const delayed = fixture("video/sound-delayed.mp4"); // 3 s of pictures, sound until 3.5 s
    const request = { model, videos: [delayed, ...clips(11.8)] };
    const report = await preflightReferences(request);
    expect(rulesOf(report)).toEqual(["set/videos-duration unsure reading"]);
    expect(report.references[0]?.report).toMatchObject({ verdict: "pass", findings: [] });
    const all = await preflightReferences(request, { findings: "all" });
    expect(all.references[0]?.report?.findings.map(({ verdict }) => verdict)).toContain("pass");
    expect(rulesOf(all)).toEqual(rulesOf(report));
    const judged = await preflight(delayed, { findings: "all" });
    expect(rulesOf(await preflightReferences({ model, videos: [judged, ...clips(11.8)] }))).toEqual(
      rulesOf(report),
    );
  });

  it("a clip whose header states another duration is unsure, individually and in the sum", async () => {
    const report = await preflightReferences({ model, videos: [fixture("video/mvhd-claims-20s.mp4")] });
    expect(rulesOf(report)).toEqual([
      "set/videos-duration-each unsure reading",
      "set/videos-duration unsure reading",
      "video/duration unsure reading",
    ]);
    expect(report.findings[2]?.message).toMatch(/^video 1: the duration reads as /);
    // A short report has no claims of what passed: what the file is taken for counts.
    const brief = await preflight(fixture("video/mp4-h264-aac.mp4"));
    const { duration } = brief.facts;
    const long = await preflightReferences({ model, videos: [brief, ...clips(15)] });
    expect(long.findings.map(({ rule, actual }) => [rule, actual])).toContainEqual([
      "set/videos-duration",
      15 + Number(duration),
    ]);
  });

  it("first and last frames are checked as images, and named", async () => {
    const report = await preflightReferences({
      model,
      firstFrame: fixture("image/jpeg-299x300.jpg"),
      lastFrame: validFile,
    });
    expect(report.findings.map(({ rule, message }) => `${rule} ${message}`)).toEqual([
      expect.stringMatching(/^image\/width first frame: 299 px/),
      expect.stringMatching(/^image\/type last frame: this is an audio file \(.*\); an image is wanted here/),
      expect.stringMatching(/^image\/format last frame: /),
    ]);
    expect(report.references.map(({ role, index }) => `${role} ${index}`)).toEqual([
      "first-frame 1",
      "last-frame 1",
    ]);
    const alone = await preflightReferences({ model, lastFrame: image });
    expect([alone.verdict, alone.references.length]).toEqual(["pass", 1]);
    const beside = await preflightReferences({ model, images: ["asset://i"], lastFrame: "asset://l" });
    expect(rulesOf(beside)).toEqual(["set/frames-exclude-references fail limit"]);
  });

  it("limits, strict and language apply to the set and to each file", async () => {
    const of = async (...given: Parameters<typeof preflightReferences>): Promise<unknown[]> => {
      const { limits, verdict, findings } = await preflightReferences(...given);
      return [limits, verdict, ...findings.map(({ message }) => message.slice(0, 20))];
    };
    const videos = clips(15.1);
    expect(await of({ model, videos })).toEqual(["documented", "fail", expect.anything(), expect.anything()]);
    expect(await of({ model, videos }, { limits: "observed" })).toEqual(["observed", "pass"]);
    const edge = fixture("image/jpeg-300x300.jpg");
    expect(await of({ model, images: [edge] })).toEqual(["documented", "pass"]);
    expect((await of({ model, images: [edge] }, { strict: true }))[1]).toBe("unsure");
    expect((await of({ model, videos: clips(16) }, { locale: "zh-CN" }))[3]).toMatch(/^参考视频总时长 16 秒/);
  });

  it("names an unsure file, but not a note", async () => {
    const { findings, references } = await preflightReferences(
      { model, images: [image, fixture("image/jpeg-300x300.jpg")] },
      { strict: true },
    );
    expect(findings.map(({ rule, verdict, message }) => `${rule} ${verdict} ${message.slice(0, 8)}`)).toEqual(
      ["image/width unsure image 2:", "image/height unsure image 2:"],
    );
    const noted = await preflightReferences({ model, images: [fixture("image/jpeg-300x300.jpg")] });
    expect(noted.findings).toEqual([]);
    expect(references).toHaveLength(2);
  });

  it("a table without rules for the set never passes", async () => {
    const rules = { id: "mine", title: "t", source: "s", checked: "2026-11", types: {} };
    const { verdict, findings } = await preflightReferences({ model, images: ["asset://i"] }, { rules });
    expect(verdict).toBe("unsure");
    expect(findings).toEqual([
      {
        rule: "set/model",
        verdict: "unsure",
        reason: "unread",
        actual: model,
        limit: null,
        unit: null,
        message: expect.stringContaining(`of the model ${model}`),
        hint: expect.stringContaining("use a rule table with rules for its references"),
        readings: [],
        text: expect.anything(),
      },
    ]);
  });

  it("a path that contains the start of a URL is a path", async () => {
    const directory = await mkdtemp(join(tmpdir(), "references-"));
    for (const folder of ["asset:", "data:image"]) {
      await mkdir(join(directory, folder));
      await copyFile(image, join(directory, folder, "x.jpg"));
    }
    const images = [`${directory}/asset://x.jpg`, `${directory}/data:image/x.jpg`];
    const { references } = await preflightReferences({ model, images });
    await rm(directory, { recursive: true });
    expect(references.map(({ uri, report }) => [uri, report?.verdict])).toEqual([
      [null, "pass"],
      [null, "pass"],
    ]);
  });

  it.each([
    ["an address that is no asset's", { uri: "https://a.example/v.mp4" }, /no asset:\/\/ address/],
    ["an asset's address that is not at the beginning", { uri: "x asset://1" }, /no asset:\/\/ address/],
    ["an asset without an id", { uri: "asset://" }, /no asset:\/\/ address/],
    ["the same as a text", "asset://", /no asset:\/\/ address/],
    ["nothing", null, /^null cannot be checked/],
    ["a report of another version", { schemaVersion: 2, facts: {}, findings: [] }, /cannot be checked/],
    ["a report without facts", { schemaVersion: 1, findings: [] }, /cannot be checked/],
    ["a report without findings", { schemaVersion: 1, facts: {} }, /cannot be checked/],
  ])("%s is a usage error", async (_, given, message) => {
    await expect(preflightReferences({ model, videos: [given as never] })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/^give /),
    });
  });
});
