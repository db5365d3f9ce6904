import { describe, expect, test } from "vitest";
import type { Format, Kind } from "../../src/facts/formats.ts";
import { type EvaluateOptions, evaluate } from "../../src/rules/evaluate.ts";
import type { Table, TypeRules } from "../../src/rules/schema.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import type { RuleResult } from "../../src/rules/verdict.ts";
import { evidenceOf, type Made } from "./evidence.ts";

/* Evaluating a row of a table: its readings and units, its observations, and the fields of its finding. */

const tableOf = (rules: TypeRules, kind: Kind = "video"): Table => ({
  ...defaultTable,
  types: { [kind]: rules },
});

function results(rules: TypeRules, made: Made = {}, options: EvaluateOptions = {}, format: Format = "mp4") {
  const evidence = evidenceOf(format, made);
  return evaluate(evidence, tableOf(rules, evidence.kind ?? "video"), options).results;
}
const of = (rule: string, list: readonly RuleResult[]): RuleResult | undefined =>
  list.find((j) => j.rule === rule);
const seen = { confidence: "high", source: "a test", checked: "2026-11" } as const;

describe("units and readings", () => {
  test("a limit in MB has two readings, in order; one in MiB or B has one", () => {
    const size = (unit: "MB" | "MiB" | "B", max: number, bytes: number) =>
      of("video/size", results({ size: { max, unit } }, { bytes }));
    expect(size("MB", 2, 2_000_001)).toEqual({
      rule: "video/size",
      subject: "size",
      verdict: "unsure",
      reason: "reading",
      actual: 2_000_001,
      limit: { max: 2_000_000 },
      or: [{ max: 2_097_152 }],
      unit: "B",
      printed: { limit: { max: 2 }, unit: "MB" },
      operator: "max",
      readings: [],
    });
    expect(size("MB", 2, 2_097_153)).toMatchObject({ verdict: "fail", limit: { max: 2_000_000 } });
    expect(size("MB", 2, 2_097_153)).not.toHaveProperty("or");
    expect(size("MiB", 2, 2_097_152)).toMatchObject({ verdict: "pass", limit: { max: 2_097_152 } });
    expect(size("B", 2, 3)).toMatchObject({ verdict: "fail", limit: { max: 2 } });
    expect(size("B", 2, 3)).not.toHaveProperty("printed");
  });
  test("lists and single values are scaled too", () => {
    const rules: TypeRules = { size: { in: [1, 2], unit: "MiB" } };
    expect(of("video/size", results(rules, { bytes: 2_097_152 }))?.verdict).toBe("pass");
    expect(of("video/size", results(rules, { bytes: 2 }))?.verdict).toBe("fail");
    const equals: TypeRules = { size: { equals: 1, unit: "MiB" } };
    expect(of("video/size", results(equals, { bytes: 1_048_576 }))?.verdict).toBe("pass");
  });
  test("a reading may have its own unit; its default is the row's", () => {
    const row = { max: 1, unit: "MiB", readings: [{ max: 3, unit: "B" }, { max: 2 }] } as const;
    const at = (bytes: number) =>
      of("video/size", results({ size: { ...row, readings: [...row.readings] } }, { bytes }));
    expect(at(3)?.verdict).toBe("pass");
    expect(at(4)).toMatchObject({ verdict: "unsure", or: [{ max: 3 }, { max: 2_097_152 }] });
    expect(at(2_097_153)?.verdict).toBe("fail");
  });
  test("a boolean is evaluated as text", () => {
    expect(of("video/truncated", results({ truncated: { equals: false } }))?.verdict).toBe("pass");
    expect(of("video/truncated", results({ truncated: { equals: true } }))).toMatchObject({
      verdict: "fail",
      actual: "false",
      limit: { equals: "true" },
    });
  });
  test("findings have the order of properties, whatever the order of the table's keys", () => {
    const list = results({
      frameRate: { max: 1 },
      width: { max: 1 },
      size: { max: 1 },
      format: { in: ["mp4"] },
    });
    expect(list.map((j) => j.rule)).toEqual([
      "video/format",
      "video/integrity",
      "video/size",
      "video/width",
      "video/frame-rate",
    ]);
  });
  test("each kind is evaluated by its own rows", () => {
    const table: Table = {
      ...defaultTable,
      types: { video: { size: { max: 1 } }, image: { size: { max: 2e6 } } },
    };
    expect(evaluate(evidenceOf("mp4"), table).verdict).toBe("fail");
    expect(evaluate(evidenceOf("jpeg"), table).verdict).toBe("pass");
    expect(evaluate(evidenceOf("mp4"), table).verdict).toBe("fail");
  });
});

describe("observations", () => {
  const ambiguous: Made = { durations: [15, 15.1] };
  const row = (observed: NonNullable<TypeRules["duration"]>["observed"]): TypeRules => ({
    duration: { min: 2, max: 15, observed },
  });
  test("one that admits every reading turns the result into a note that names the observation", () => {
    const found = of("video/duration", results(row({ max: 15.2, ...seen }), ambiguous));
    expect(found).toMatchObject({
      verdict: "note",
      observed: { limit: { max: 15.2 }, ...seen },
      operator: "max",
    });
    expect(found).not.toHaveProperty("reason");
    const strict = of("video/duration", results(row({ max: 15.2, ...seen }), ambiguous, { strict: true }));
    expect(strict).toMatchObject({ verdict: "unsure", reason: "reading" });
    expect(strict).not.toHaveProperty("observed");
    // The file is ambiguous, not the limit.
    expect(strict).not.toHaveProperty("or");
  });
  test("uses the first of several that admits every reading", () => {
    const several = [
      { max: 15.05, ...seen },
      { max: 15.2, ...seen, confidence: "medium" as const },
      { max: 15.3, ...seen, confidence: "medium-high" as const },
    ];
    expect(of("video/duration", results(row(several), ambiguous))?.observed?.limit).toEqual({ max: 15.3 });
    expect(of("video/duration", results(row(several.slice(0, 2)), ambiguous))?.verdict).toBe("unsure");
  });
  test("one in MB counts only in its smaller reading", () => {
    const rules: TypeRules = { size: { max: 1, unit: "MB", observed: { max: 2, ...seen } } };
    const at = (bytes: number) => of("video/size", results(rules, { bytes }, { limits: "observed" }));
    expect(at(2_000_000)?.verdict).toBe("pass");
    expect(at(2_000_001)?.verdict).toBe("fail");
    expect(at(2_000_000)?.limit).toEqual({ max: 2_000_000 });
    expect(at(2_000_000)).not.toHaveProperty("printed");
  });
  test("one without bounds changes nothing, also with observed limits", () => {
    const rules = row({ ...seen });
    expect(of("video/duration", results(rules, { durations: [15.1] }, { limits: "observed" }))?.verdict).toBe(
      "fail",
    );
    expect(of("video/duration", results(rules, ambiguous))?.verdict).toBe("unsure");
  });
  test("a row without documented bounds is evaluated only with observed limits", () => {
    const rules: TypeRules = { pixels: { observed: { max: 1000, ...seen } } };
    expect(of("video/pixels", results(rules))).toBeUndefined();
    expect(of("video/pixels", results(rules, {}, { limits: "observed" }))).toMatchObject({
      verdict: "fail",
      limit: { max: 1000 },
    });
  });
  test("a failing value names an observation that admits it", () => {
    const at = (seconds: number) =>
      of("video/duration", results(row({ max: 15.2, ...seen }), { durations: [seconds] }));
    expect(at(15.1)).toMatchObject({ verdict: "fail", observed: { limit: { max: 15.2 } } });
    expect(at(15.3)).not.toHaveProperty("observed");
  });
});

describe("readings of a fact", () => {
  test("equal readings count once; different ones are listed with their origins", () => {
    const rules: TypeRules = { duration: { max: 15 } };
    expect(of("video/duration", results(rules, { durations: [5, 5] }))?.readings).toEqual([]);
    expect(of("video/duration", results(rules, { durations: [5, 6] }))?.readings).toEqual([
      { value: 5, from: "video-track" },
      { value: 6, from: "audio-track" },
    ]);
  });
  test("differences below a microsecond are ignored", () => {
    const rules: TypeRules = { duration: { max: 15 }, frameRate: { max: 60 } };
    const list = results(rules, { durations: [15.0000004], rates: [60.0000004] });
    expect(of("video/duration", list)).toMatchObject({ verdict: "pass", actual: 15 });
    expect(of("video/frame-rate", list)).toMatchObject({ verdict: "pass", actual: 60 });
    const over = results(rules, { durations: [15.000001], rates: [60.000001] });
    expect([of("video/duration", over)?.verdict, of("video/frame-rate", over)?.verdict]).toEqual([
      "fail",
      "fail",
    ]);
  });
  test("rounds numbers to six decimals and ratios to four", () => {
    const rules: TypeRules = { bitRate: { max: 1 }, aspectRatio: { max: 1 } };
    const list = results(rules, { bytes: 100_000, durations: [7], sizes: [[1000, 333]] });
    expect(of("video/bit-rate", list)?.actual).toBe(114_285.714286);
    expect(of("video/aspect-ratio", list)?.actual).toBe(3.003);
  });
  test("uses the exact display aspect ratio, not the ratio of whole pixels", () => {
    const evidence = evidenceOf("mp4", { sizes: [[1281, 720]] });
    Object.assign(evidence.sizes[0] ?? {}, { aspect: 16 / 9 });
    const rules: TypeRules = { aspectRatio: { ratios: ["16:9"] } };
    expect(of("video/aspect-ratio", evaluate(evidence, tableOf(rules)).results)?.verdict).toBe("pass");
  });
  test.each([
    ["negative", { durations: [-1] }],
    ["infinite", { durations: [Number.POSITIVE_INFINITY] }],
    ["no number", { durations: [Number.NaN] }],
    ["one sound, one not", { durations: [5, -1] }],
  ])("a reading that is %s is not evaluated, and does not pass", (_, made) => {
    expect(of("video/duration", results({ duration: { min: 0 } }, made))).toMatchObject({
      verdict: "unsure",
      reason: "unread",
    });
  });
  test("zero is a reading", () =>
    expect(of("video/duration", results({ duration: { min: 0 } }, { durations: [0] }))?.verdict).toBe(
      "pass",
    ));
  test("a bit rate needs the file's size and its duration", () => {
    const rules: TypeRules = { bitRate: { max: 1e9 } };
    expect(of("video/bit-rate", results(rules, { bytes: null }))).toMatchObject({
      reason: "unread",
      actual: null,
    });
    expect(of("video/bit-rate", results(rules, { durations: [] }))).toMatchObject({ reason: "unread" });
    expect(of("video/bit-rate", results(rules, { durations: [0] }))).toMatchObject({ reason: "unread" });
  });
});

describe("unread values", () => {
  const why = { code: "unsupported", what: "a test" } as const;
  test("block with the reason if a fact that the property is computed from was not read", () => {
    const rules: TypeRules = { bitRate: { max: 1e9 }, pixels: { max: 1e9 }, frameRate: { max: 99 } };
    const list = results(rules, { unread: [{ fact: "bytes", why }] });
    expect(of("video/bit-rate", list)).toMatchObject({
      verdict: "unsure",
      reason: "unread",
      unread: { fact: "bytes", why },
    });
    expect(of("video/pixels", list)?.verdict).toBe("pass");
    for (const fact of ["width", "height", "pixels", "aspectRatio"] as const)
      expect(of("video/pixels", results(rules, { unread: [fact] }))).toMatchObject({ unread: { fact } });
  });
  test("do not affect a fact that has readings although the rest of the file could not be read", () => {
    const list = results({ duration: { max: 15 }, frameRate: { max: 60 } }, { rates: [], unread: ["all"] });
    expect(of("video/duration", list)?.verdict).toBe("pass");
    expect(of("video/frame-rate", list)).toMatchObject({ reason: "unread", unread: { fact: "all" } });
  });
  test("do not prevent a reading over the limit from failing because of the limit", () => {
    const list = results({ duration: { max: 15 } }, { durations: [20], unread: ["duration"] });
    expect(of("video/duration", list)).toMatchObject({ verdict: "fail", reason: "limit" });
    expect(of("video/duration", list)).not.toHaveProperty("unread");
  });
  test("are left out by note rows", () => {
    const rules: TypeRules = { frameRate: { max: 60, severity: "note" } };
    expect(of("video/frame-rate", results(rules, { rates: [] }))).toBeUndefined();
    const broken = of("video/frame-rate", results(rules, { rates: [61] }));
    expect(broken).toMatchObject({ verdict: "note", operator: "max" });
    expect(broken).not.toHaveProperty("reason");
  });
  test("do not include facts that files of this kind need not have", () => {
    expect(of("video/codec", results({ audioCodec: { in: ["aac"] } }))).toBeUndefined();
    expect(of("audio/codec", results({ audioCodec: { in: ["aac"] } }, {}, {}, "wav"))).toMatchObject({
      reason: "unread",
    });
    expect(of("video/codec", results({ audioCodec: { required: true, in: ["aac"] } }))).toMatchObject({
      verdict: "fail",
      reason: "limit",
      detail: { presence: "required" },
    });
  });
  test("forbidden is violated by any value", () => {
    const found = of("video/codec", results({ audioCodec: { forbidden: true } }, { audioCodec: "aac" }));
    expect(found).toMatchObject({
      verdict: "fail",
      reason: "limit",
      actual: "aac",
      detail: { presence: "forbidden" },
    });
    const note = results({ audioCodec: { forbidden: true, severity: "note" } }, { audioCodec: "aac" });
    expect(of("video/codec", note)?.verdict).toBe("note");
  });
  test("a row without any limit is not evaluated", () =>
    expect(
      of("video/width", results({ width: { source: "a test" } }, { unread: ["width"] })),
    ).toBeUndefined());
});
