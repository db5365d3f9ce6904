import { describe, expect, test } from "vitest";
import type { LibraryName } from "../../src/facts/cross-check/library-reading.ts";
import type { Origin } from "../../src/facts/evidence.ts";
import type { Format, Kind } from "../../src/facts/formats.ts";
import { isAccepted } from "../../src/report/blocking.ts";
import { buildReport } from "../../src/report/build.ts";
import { en } from "../../src/report/messages/en.ts";
import { locales } from "../../src/report/messages/locales.ts";
import { zhCN } from "../../src/report/messages/zh-CN.ts";
import { describeFinding } from "../../src/report/render.ts";
import type { Finding, Report } from "../../src/report/report.ts";
import { setFindings } from "../../src/report/set.ts";
import { evaluate, type JudgeOptions } from "../../src/rules/evaluate.ts";
import type { Confidence } from "../../src/rules/schema.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { evidenceOf, type Made } from "../rules/evidence.ts";

/* What people read: the arithmetic, the limit, what to do. */

function reportOf(
  format: Format | null,
  made: Made = {},
  options: JudgeOptions = {},
  accept: boolean | string[] = false,
): Report {
  return buildReport(evaluate(evidenceOf(format, made), defaultTable, options), defaultTable, {
    file: options.name ?? null,
    limits: options.limits ?? "documented",
    findings: "blocking",
    acceptUnsure: accept,
    messages: en,
  });
}
const say = (format: Format | null, made: Made = {}, type?: Kind, name?: string): string[] =>
  reportOf(format, made, { type, name }).findings.map((f) =>
    f.hint ? `${f.message} → ${f.hint}` : f.message,
  );

test("the finding of the contract's example, field for field", () => {
  expect(reportOf("mp4", { sizes: [[1920, 1080]] }).findings[0]).toEqual({
    rule: "video/pixels",
    verdict: "fail",
    reason: "limit",
    actual: 2_073_600,
    limit: { min: 409_600, max: 927_408 },
    unit: "px",
    message: expect.stringContaining(
      "1920×1080 = 2,073,600 total pixels, over 927,408 (limit 409,600 – 927,408)",
    ),
    hint: "scale to 1280×720",
    readings: [],
  });
});

describe("messages", () => {
  const cases: [string, Format | null, Made, Kind | undefined, string | undefined, RegExp][] = [
    [
      "pixels, inside what was observed",
      "mp4",
      { sizes: [[1920, 1080]] },
      undefined,
      undefined,
      /; inside what upstream was seen to accept, 407,696 – 8,295,044 \(high confidence, 2026-09-10\) →/,
    ],
    [
      "a size called 480p",
      "mp4",
      { sizes: [[848, 480]] },
      undefined,
      undefined,
      /^848×480 = 407,040 total pixels, under 409,600 .* → scale to 852×482$/,
    ],
    [
      "too long",
      "mp4",
      { durations: [15.8] },
      undefined,
      undefined,
      /^15\.8 s long, over 15 \(limit 2 – 15\) → trim 0\.8 s$/,
    ],
    [
      "barely too long is not rounded into the limit",
      "mp4",
      { durations: [15.3, 15.30002] },
      undefined,
      undefined,
      /→ trim 0\.301 s$/,
    ],
    [
      "a bound is never shown as broken by itself",
      "wav",
      { durations: [15.200004] },
      undefined,
      undefined,
      /^15\.2 s long/,
    ],
    [
      "too short",
      "wav",
      { durations: [1.5] },
      undefined,
      undefined,
      /^1\.5 s long, under 2 \(limit 2 – 15\) → make it 0\.5 s longer$/,
    ],
    [
      "frame rate",
      "mp4",
      { rates: [120] },
      undefined,
      undefined,
      /^120 fps, over 60 \(limit 24 – 60\) → re-encode at 60 fps$/,
    ],
    [
      "a rate named 24",
      "mp4",
      { rates: [24_000 / 1001, 24] },
      undefined,
      undefined,
      /^23\.976 fps, under 24 .* under one reading; upstream was seen to accept 23\.8 – 60/,
    ],
    [
      "megabytes in both readings",
      "mp4",
      { bytes: 51_000_000 },
      undefined,
      undefined,
      /^51,000,000 bytes, over 50 MB \(50,000,000 or 52,428,800 bytes\) under one reading.* → re-encode at under 40 Mbit\/s: 50,000,000 bytes or less$/,
    ],
    [
      "an image's size",
      "png",
      { bytes: 40_000_000 },
      undefined,
      undefined,
      /not below 30 MB .* → make it 29,999,999 bytes or less$/,
    ],
    ["an edge", "png", { sizes: [[300, 400]] }, undefined, undefined, /^300 px wide: exactly at the limit/],
    [
      "an aspect ratio",
      "png",
      { sizes: [[3000, 1000]] },
      undefined,
      undefined,
      /^aspect ratio 3000×1000 = 3, over 2\.5 .* → pad or crop to \d+×\d+$/,
    ],
    [
      "a refusal names what it is",
      "webm",
      {},
      undefined,
      undefined,
      /^WebM video, not mp4 or mov → convert it to mp4 or mov$/,
    ],
    [
      "another kind",
      "jpeg",
      {},
      "video",
      undefined,
      /^declared as video, but the bytes say JPEG image → declare it as image$/,
    ],
    ["no media", "html", {}, undefined, undefined, /^HTML page: no image, video or audio$/],
    [
      "nothing at all",
      null,
      { bytes: 0, damage: [{ code: "empty" }] },
      "image",
      undefined,
      /^the file is empty$/,
    ],
    [
      "noise",
      null,
      {},
      undefined,
      undefined,
      /^the bytes are no image, video or audio that can be recognised$/,
    ],
    [
      "a cut",
      "mp4",
      { damage: [{ part: "mdat", missing: 1_204_331 }] },
      undefined,
      undefined,
      /^mdat ends 1,204,331 bytes past the end of the file: the upload or copy was cut → /,
    ],
    [
      "a name",
      "heic",
      {},
      undefined,
      "a.jpg",
      /^the bytes say HEIC image, the name says \.jpg → name it \.heic$/,
    ],
    ["a codec", "mp4", { videoCodec: "av1" }, undefined, undefined, /^video codec av1, not h264 or hevc → /],
    [
      "unread",
      "mp4",
      { rates: [], unread: ["frameRate"] },
      undefined,
      undefined,
      /^frame rate could not be read: the file takes more work than its budget of entries allows/,
    ],
  ];
  test.each(cases)("%s", (_what, format, made, type, name, expected) =>
    expect(say(format, made, type, name)[0]).toMatch(expected),
  );

  test("text from a file cannot move a cursor or break a line", () => {
    const hostile = "\u001b[2J\r\n::error::\u202e\u0085";
    const told = [
      ...say("mp4", { videoCodec: hostile }),
      ...say("mp4", { damage: [{ part: hostile }] }),
      ...say("mp4", {
        rates: [],
        unread: [{ fact: "frameRate", why: { code: "unsupported", what: hostile } }],
      }),
    ];
    expect(told).toHaveLength(3);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    for (const text of told) expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});

/** What English says as it is; the libraries' names are said so everywhere. */
const terms: Record<Confidence | Exclude<Origin, LibraryName>, true> = {
  low: true,
  medium: true,
  "medium-high": true,
  high: true,
  coded: true,
  display: true,
  uncropped: true,
  "track-header": true,
  "sample-entry": true,
  bitstream: true,
  container: true,
  "video-track": true,
  "audio-track": true,
  "media-header": true,
  "sample-table": true,
  "edit-list": true,
  "all-frames": true,
  "less-padding": true,
  header: true,
  average: true,
  nominal: true,
  file: true,
};

describe("languages", () => {
  test("how sure an observation is, and where a reading is from, are said in the language", () => {
    const say = (made: Made): string =>
      describeFinding(reportOf("mp4", made).findings[0] as Finding, zhCN).message;
    expect(say({ durations: [15.1] })).toMatch(/可信度高，2026-07-10/);
    expect(say({ rates: [23.976, 24] })).toMatch(/可信度中高，/);
    expect(say({ durations: [14, 16] })).toMatch(/14 \(视频轨\), 16 \(音频轨\)/);
  });
  test("each has the keys and the places of English", () => {
    const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(zhCN[key], key).toMatch(/\S/);
      if (key !== "named") expect(places(zhCN[key]), key).toEqual(places(en[key]));
    }
    const own = Object.keys(zhCN).filter((key) => !(key in terms));
    expect(own.sort()).toEqual(Object.keys(en).sort());
    for (const term of Object.keys(terms) as (keyof typeof terms)[]) expect(zhCN[term], term).toMatch(/\S/);
    expect(Object.keys(locales)).toEqual(["en", "zh-CN"]);
  });
  test("a finding is said again in another language; one that came as JSON keeps its words", () => {
    const [finding] = reportOf("mp4", { sizes: [[1920, 1080]] }).findings as [Finding];
    expect(describeFinding(finding, zhCN)).toEqual({
      message: expect.stringContaining("共 2,073,600 像素，超过 927,408"),
      hint: "缩放到 1280×720",
    });
    const copy = JSON.parse(JSON.stringify(finding)) as Finding;
    expect(describeFinding(copy, zhCN).message).toBe(finding.message);
  });
});

describe("the gate", () => {
  const unsure = { bytes: 51_000_000 };
  test("opens for pass only", () => {
    expect(isAccepted(reportOf("mp4"))).toBe(true);
    expect(isAccepted(reportOf("mp4", unsure))).toBe(false);
    expect(isAccepted(reportOf("mp4", { bytes: 60_000_000 }), true)).toBe(false);
  });
  test("opens for disputed readings that are accepted, by rule", () => {
    expect(isAccepted(reportOf("mp4", unsure), true)).toBe(true);
    expect(isAccepted(reportOf("mp4", unsure), ["video/size"])).toBe(true);
    expect(isAccepted(reportOf("mp4", unsure), ["video/duration"])).toBe(false);
    expect(isAccepted(reportOf("mp4", { ...unsure, durations: [15, 15.3] }), ["video/size"])).toBe(false);
  });
  test("never opens for what was not read, nor for damage", () => {
    expect(isAccepted(reportOf("mp4", { rates: [] }), true)).toBe(false);
    expect(isAccepted(reportOf("mp4", { damage: [{ certain: false }] }), true)).toBe(false);
    expect(isAccepted(reportOf("mp4", { ...unsure, unread: ["all"] }), true)).toBe(false);
  });
  test("acceptance by configuration does not open it", () => {
    const report = reportOf("mp4", { bytes: 60_000_000 });
    for (const f of report.findings) f.accepted = { by: "config", reason: "old", until: null };
    expect(isAccepted(report, true)).toBe(false);
  });
  test("what is accepted is marked on the finding", () =>
    expect(reportOf("mp4", unsure, {}, ["video/size"]).findings[0]?.accepted).toEqual({
      by: "option",
      reason: null,
      until: null,
    }));
});

describe("references of one request", () => {
  const set = defaultTable.sets?.["reference-to-video"] ?? {};
  const told = (references: Parameters<typeof setFindings>[1], options = {}): string[] =>
    setFindings(set, references, { ...options, messages: en }).map(
      (f) => `${f.verdict} ${f.rule}: ${f.message}`,
    );
  test.each([
    [{ images: 9 }, []],
    [{ images: 10 }, ["fail set/images-count: 10 reference images, over 9 (limit 1 – 9)"]],
    [{ videos: [5, 5, 5] }, []],
    [{ videos: [8, 8] }, ["fail set/videos-duration: reference videos of 16 s together, over 15"]],
    [{ videos: [2, 2, 2, 2] }, ["fail set/videos-count: 4 reference videos, over 3 (limit 1 – 3)"]],
    [
      { audios: [3] },
      ["fail set/audios-needs-visual: a reference audio needs a reference image or video beside it"],
    ],
    [{ audios: [3], images: 1 }, []],
    [
      { images: 1, lastFrame: true },
      ["fail set/frames-exclude-references: a request takes first and last frames, or references, not both"],
    ],
    [{ firstFrame: true }, []],
  ])("%j", (references, expected) => expect(told(references)).toEqual(expected));
  test("an unknown duration is unsure; a sum that is already over fails", () => {
    expect(told({ videos: [null, 3] }).map((t) => t.split(":")[0])).toEqual([
      "unsure set/videos-duration-each",
      "unsure set/videos-duration",
    ]);
    expect(told({ videos: [null, 8, 8] }).map((t) => t.split(":")[0])).toEqual([
      "unsure set/videos-duration-each",
      "fail set/videos-duration",
    ]);
  });
  test("tracks that differ are weighed; observed limits are a choice", () => {
    const videos = [
      [
        { value: 7.5, from: "container" as const },
        { value: 7.6, from: "audio-track" as const },
      ],
      7.5,
    ];
    expect(told({ videos })[0]).toMatch(/^note set\/videos-duration/);
    expect(told({ videos }, { strict: true })[0]).toMatch(/^unsure set\/videos-duration/);
    expect(told({ videos: [8, 7.2] }, { limits: "observed" })).toEqual([]);
    expect(told({ videos: [8, 7.2] })[0]).toMatch(/^fail .*inside what upstream/);
  });
});
