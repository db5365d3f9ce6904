import { describe, expect, test } from "vitest";
import type { Format, Kind } from "../../src/facts/formats.ts";
import { evaluate } from "../../src/rules/evaluate.ts";
import type { Table } from "../../src/rules/schema.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { evidenceOf, type Made } from "./evidence.ts";

const ids = (format: Format | null, made: Made, type?: Kind, name?: string, table = defaultTable): string[] =>
  evaluate(evidenceOf(format, made), table, { type, name })
    .results.filter((j) => j.verdict !== "pass")
    .map((j) => `${j.verdict} ${j.rule}${j.reason ? ` ${j.reason}` : ""}`);

describe("type and format", () => {
  test("evaluates only type and format if the declared type is wrong", () => {
    expect(ids("mp4", { durations: [99] }, "image")).toEqual([
      "fail image/type limit",
      "fail image/format limit",
    ]);
    expect(ids("jpeg", {}, "video")).toEqual(["fail video/type limit", "fail video/format limit"]);
    expect(ids("m4a", {}, "video")).toEqual(["fail video/type limit", "fail video/format limit"]);
  });
  test("bytes without a known format fail format only", () => {
    expect(ids(null, {})).toEqual(["fail file/format limit"]);
    expect(ids(null, {}, "audio")).toEqual(["fail audio/format limit"]);
    expect(ids("pdf", {})).toEqual(["fail file/format limit"]);
    expect(ids("html", {}, "video")).toEqual(["fail video/format limit"]);
    expect(ids(null, { bytes: 0, damage: [{ code: "empty" }] }, "image")).toEqual([
      "fail image/format limit",
    ]);
  });
  test("bytes that could not be read are unsure, not refused", () =>
    expect(ids(null, { unread: ["all"] })).toEqual(["unsure file/format unread"]));
  test("a refused format: read values are evaluated, unread values are left out", () =>
    expect(ids("webm", { bytes: 60e6, sizes: [], durations: [], rates: [] })).toEqual([
      "fail video/format limit",
      "fail video/size limit",
    ]));
  test("a table without rules for a kind passes no file of that kind", () => {
    const table: Table = { ...defaultTable, types: { image: defaultTable.types.image } };
    expect(ids("wav", {}, undefined, undefined, table)).toEqual(["fail audio/type limit"]);
  });
});

describe("integrity", () => {
  test("certain damage fails, and unread values are left out", () =>
    expect(ids("mp4", { sizes: [], durations: [], rates: [], damage: [{}] })).toEqual([
      "fail video/integrity damaged",
    ]));
  test("a violated limit is reported together with the damage", () =>
    expect(ids("mp4", { durations: [20], damage: [{}] })).toEqual([
      "fail video/integrity damaged",
      "fail video/duration limit",
    ]));
  test("suspected damage is unsure, and its reason is not one that can be accepted", () =>
    expect(ids("jpeg", { damage: [{ code: "no-end-marker", certain: false }] })).toEqual([
      "unsure image/integrity damaged",
    ]));
  test("a file over budget is unsure even if every fact was read", () =>
    expect(ids("mp4", { unread: ["all"] })).toEqual(["unsure video/integrity unread"]));
  test("a file over budget that violates a limit has both findings", () =>
    expect(ids("mp4", { durations: [20], rates: [], unread: ["all"] })).toEqual([
      "unsure video/integrity unread",
      "fail video/duration limit",
      "unsure video/frame-rate unread",
    ]));
  test("a fact that is marked unread does not pass on its readings", () =>
    expect(ids("mp4", { durations: [10], unread: ["duration"] })).toEqual(["unsure video/duration unread"]));
});

describe("resolution", () => {
  const tier = (w: number, h: number): string | null =>
    evaluate(evidenceOf("mp4", { sizes: [[w, h]] }), defaultTable).facts.resolution;
  test.each([
    [640, 640, "480p"],
    [854, 480, "480p"],
    [864, 496, "480p"],
    [560, 752, "480p"],
    [992, 432, "480p"],
    [1280, 720, "720p"],
    [720, 1280, "720p"],
    [834, 1112, "720p"],
    [960, 960, "720p"],
    [1470, 630, "720p"],
    [1024, 576, "480p"],
    [848, 480, null],
    [1920, 1080, null],
  ])("%i×%i is %s", (w, h, expected) => expect(tier(w, h)).toBe(expected));
  test("is not reported in addition to a finding on pixels", () =>
    expect(ids("mp4", { sizes: [[1920, 1080]] })).toEqual(["fail video/pixels limit"]));
  test("is evaluated by a table that accepts only one tier", () => {
    const table = structuredClone(defaultTable);
    if (table.types.video?.resolution) table.types.video.resolution.in = ["720p"];
    expect(ids("mp4", { sizes: [[640, 640]] }, undefined, undefined, table)).toEqual([
      "fail video/resolution limit",
    ]);
  });
});

describe("extension", () => {
  test.each([
    ["heic", "holiday.jpg", ["note image/extension"]],
    ["heic", "holiday.HEIC", []],
    ["heif", "holiday.heic", []],
    ["jpeg", "holiday.JPEG", []],
    ["mp4", "clip.mov", ["note video/extension"]],
    ["mp4", "clip.mp4.part", []],
    ["mp4", "clip", []],
    ["mp4", ".mov", []],
  ] as const)("%s in %s", (format, name, expected) =>
    expect(ids(format, {}, undefined, name)).toEqual(expected),
  );
});

test("a size with readings on both sides of a limit is unsure, and lists the readings", () => {
  const { results } = evaluate(
    evidenceOf("mp4", {
      sizes: [
        [1280, 720],
        [720, 720],
      ],
      durations: [10],
    }),
    defaultTable,
  );
  expect(results.every((j) => j.verdict === "pass")).toBe(true);
  const other = evaluate(
    evidenceOf("mp4", {
      sizes: [
        [1280, 720],
        [640, 480],
      ],
    }),
    defaultTable,
  );
  const pixels = other.results.find((j) => j.rule === "video/pixels");
  expect(pixels).toMatchObject({ verdict: "unsure", reason: "reading" });
  expect(pixels?.readings).toEqual([
    { value: 921_600, from: "display" },
    { value: 307_200, from: "coded" },
  ]);
});

test("a failed cross-check is a note", () => {
  const evidence = evidenceOf("mp4");
  evidence.crossCheckNotes.push({ crossCheck: "mediainfo", why: "it ran out of time" });
  const { verdict, results } = evaluate(evidence, defaultTable);
  expect([verdict, results.at(-1)?.rule, results.at(-1)?.verdict]).toEqual([
    "pass",
    "video/cross-check",
    "note",
  ]);
});

describe("operators of other services' tables", () => {
  const video = (rules: NonNullable<Table["types"]["video"]>, made: Made): string[] =>
    ids("mp4", made, undefined, undefined, { ...defaultTable, types: { video: rules } });
  test("in and notIn", () => {
    expect(video({ videoCodec: { notIn: ["h264"] } }, {})).toEqual(["fail video/codec limit"]);
    expect(video({ videoCodec: { in: ["h264"] } }, {})).toEqual([]);
    expect(video({ videoCodec: { in: ["h264"] } }, { videoCodec: null })).toEqual([
      "unsure video/codec unread",
    ]);
  });
  test("equals, multipleOf, ratios with a tolerance", () => {
    expect(video({ width: { equals: 1280 } }, {})).toEqual([]);
    expect(video({ width: { equals: 1281 } }, {})).toEqual(["fail video/width limit"]);
    expect(video({ width: { multipleOf: 16 } }, {})).toEqual([]);
    expect(video({ width: { multipleOf: 7 } }, {})).toEqual(["fail video/width limit"]);
    const ratios = { ratios: ["16:9", "9:16"] };
    expect(video({ aspectRatio: ratios }, {})).toEqual([]);
    expect(video({ aspectRatio: ratios }, { sizes: [[1280, 722]] })).toEqual([
      "fail video/aspect-ratio limit",
    ]);
    expect(video({ aspectRatio: { ...ratios, tolerance: 0.01 } }, { sizes: [[1280, 722]] })).toEqual([]);
    expect(video({ aspectRatio: { ...ratios, tolerance: 0.01 } }, { sizes: [[1280, 740]] })).toHaveLength(1);
  });
  test("required and forbidden", () => {
    expect(video({ audioCodec: { required: true } }, {})).toEqual(["fail video/codec limit"]);
    expect(video({ audioCodec: { required: true } }, { audioCodec: "aac" })).toEqual([]);
    expect(video({ audioCodec: { forbidden: true } }, { audioCodec: "aac" })).toEqual([
      "fail video/codec limit",
    ]);
    expect(video({ audioCodec: { forbidden: true } }, {})).toEqual([]);
    expect(video({ audioCodec: { forbidden: true } }, { unread: ["audioCodec"] })).toEqual([
      "unsure video/codec unread",
    ]);
  });
  test("bit rate is size over duration; MiB has one reading", () => {
    expect(video({ bitRate: { max: 80_000, unit: "bit/s" } }, { bytes: 100_000 })).toEqual([]);
    expect(video({ bitRate: { max: 79_999, unit: "bit/s" } }, { bytes: 100_000 })).toEqual([
      "fail video/bit-rate limit",
    ]);
    expect(video({ size: { max: 1, unit: "MiB" } }, { bytes: 1_048_576 })).toEqual([]);
    expect(video({ size: { max: 1, unit: "MiB" } }, { bytes: 1_048_577 })).toEqual(["fail video/size limit"]);
  });
  test("severity note informs only", () =>
    expect(video({ width: { max: 10, severity: "note" } }, {})).toEqual(["note video/width"]));
});
