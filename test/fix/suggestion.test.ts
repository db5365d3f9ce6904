import { describe, expect, test } from "vitest";
import type { MediaDetails, VideoTrackDetails } from "../../src/engines/media-details.ts";
import { noFacts } from "../../src/facts/facts.ts";
import { nextAttempt } from "../../src/fix/attempts.ts";
import { firstAttempt } from "../../src/fix/plan/types.ts";
import { planFix } from "../../src/fix/plan.ts";
import { suggestionFor } from "../../src/fix/suggestion.ts";
import { preflight } from "../../src/index.ts";
import type { Report } from "../../src/report/report.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { validateTable } from "../../src/rules/validate.ts";

const fixtures = new URL("../../fixtures/", import.meta.url).pathname;
const long = `${fixtures}video/duration-15.3s.mp4`;

describe("the fix in a JSON report", () => {
  test("has steps with words, losses and the command", async () => {
    const suggestion = suggestionFor(await preflight(long));
    expect(suggestion).toMatchObject({ lossless: true, losses: [], steps: [{ kind: "trim", start: 0 }] });
    expect(suggestion?.steps[0]?.message).toContain("14.9 s");
    expect(suggestion?.command).toMatch(/^ffmpeg -i .*duration-15\.3s\.mp4 .*duration-15\.3s\.fixed\.mp4$/);
  });
  test("is missing if a file passes or cannot be fixed", async () => {
    expect(suggestionFor(await preflight(`${fixtures}video/mp4-h264-aac.mp4`))).toBeUndefined();
    expect(suggestionFor(await preflight(`${fixtures}video/duration-1.9s.mp4`))).toBeUndefined();
  });
});

describe("rules that a check left out", () => {
  test("change nothing", async () => {
    const table = validateTable({
      ...{ id: "made", title: "Made", source: "a test", checked: "2026-11-29" },
      types: { video: { duration: { max: 10 }, width: { max: 100 } } },
    });
    const kinds = async (selection: { only?: string[]; skip?: string[] }): Promise<string[]> => {
      const report = await preflight(long, { rules: table, ...selection });
      return planFix(report, {}, selection).steps.map(({ kind }) => kind);
    };
    expect(await kinds({})).toEqual(["trim", "scale"]);
    expect(await kinds({ skip: ["width"] })).toEqual(["trim"]);
    expect(await kinds({ only: ["video/width"] })).toEqual(["scale"]);
  });
});

describe("a minimum of size or bit rate", () => {
  test.each([
    { size: { min: 100, unit: "MB" }, duration: { max: 10 } },
    { bitRate: { min: 900_000_000 }, duration: { max: 10 } },
  ])("is a reason before anything is encoded: %j", async (rules) => {
    const table = validateTable({
      ...{ id: "made", title: "Made", source: "a test", checked: "2026-11-29" },
      types: { video: rules },
    });
    expect(planFix(await preflight(long, { rules: table })).reason?.code).toBe("minimum-size");
  });
  test("is not met by a smaller output", () => {
    const report = (actual: number, limit: object) =>
      ({ findings: [{ rule: "video/size", verdict: "fail", actual, limit }] }) as never;
    const next = (actual: number) =>
      nextAttempt(firstAttempt, false, { report: report(actual, { min: 1000, max: 2000 }), differences: [] });
    expect(next(999)).toBeNull();
    expect(next(2001)).toMatchObject({ bytes: 0.7 });
  });
});

describe("high dynamic range", () => {
  const track: VideoTrackDetails = {
    ...{ track: 0, codec: "hevc", width: 1920, height: 1080, pixelAspectRatio: 1, rotation: 0, duration: 5 },
    ...{ bitDepth: 10, transfer: "pq", rgb: false, alpha: false, interlaced: false, cover: false },
    ...{ frameRate: { num: 30, den: 1 }, nominalFrameRate: null, hdrMetadata: true },
    color: { matrix: "bt2020nc", primaries: "bt2020", transfer: "smpte2084", fullRange: false },
  };
  const plan = (more: Partial<VideoTrackDetails>, compatible = false) => {
    const details: MediaDetails = {
      ...{ videos: [{ ...track, ...more }], audios: [], others: [] },
      ...{ chapters: 0, duration: 5, location: false, pages: 1 },
    };
    const report = {
      facts: { ...noFacts, format: "webm", bytes: 1_000_000 },
      ...{ schemaVersion: 1, file: "a.webm", verdict: "fail", ok: false, type: "video" },
      ...{ rules: defaultTable.id, limits: "documented" },
      findings: [{ rule: "video/format", verdict: "fail", reason: "limit", readings: [] }],
    } as never as Report;
    return planFix(report, { compatible }, { rules: defaultTable, details });
  };
  const losses = (...of: Parameters<typeof plan>) => plan(...of).losses.map(({ kind }) => kind);

  test("names the metadata that encoding loses", () => {
    expect(losses({})).toEqual(["hdr-metadata"]);
    expect(losses({ hdrMetadata: false })).toEqual([]);
    // The whole range is lost: its metadata need no further line.
    expect(losses({}, true)).toEqual(["hdr", "bit-depth"]);
    expect(losses({ dolbyVision: { profile: 8, compatible: true } })).toEqual([
      "hdr-metadata",
      "dolby-vision",
    ]);
  });
  test("refuses Dolby Vision whose base layer has other colors", () => {
    expect(plan({ dolbyVision: { profile: 5, compatible: false } }).reason).toEqual({
      code: "dolby-vision",
      detail: "5",
    });
  });
});
