import { describe, expect, test } from "vitest";
import { preflight } from "../../src/index.ts";
import {
  boundsOf,
  type Limit,
  loosest,
  type Observation,
  overlay,
  violatedOperator,
} from "../../src/rules/limit.ts";

/* A limit applied to a value, and limits combined with observations. */

const seen = (limit: Limit): Observation => ({
  limit,
  confidence: "high",
  checked: "2026-11",
  source: "seen",
});

describe("an observation over a limit", () => {
  test("replaces the side that it states, inclusive or exclusive, and keeps the other", () => {
    const limit = { min: 2, max: 15 };
    expect(overlay(limit, { max: 15.2 })).toEqual({ min: 2, max: 15.2 });
    expect(overlay(limit, { below: 16 })).toEqual({ min: 2, max: undefined, below: 16 });
    expect(overlay(limit, { above: 1 })).toEqual({ min: undefined, max: 15, above: 1 });
    expect(overlay({ above: 2, below: 15 }, { min: 1 })).toEqual({ min: 1, below: 15 });
    expect(overlay({ above: 2, below: 15 }, { max: 20 })).toEqual({ above: 2, max: 20 });
  });
  test("does not change the limit object", () => {
    const limit = { min: 2, max: 15 };
    overlay(limit, { above: 1, below: 20 });
    expect(limit).toEqual({ min: 2, max: 15 });
  });
});

describe("the loosest of several observations", () => {
  const cases: [string, Limit[], Limit][] = [
    ["none", [], {}],
    ["one", [{ min: 1, max: 9 }], { min: 1, max: 9 }],
    ["the lower minimum, whichever comes first", [{ min: 0.4 }, { min: 0.39 }], { min: 0.39 }],
    ["the lower minimum, the other way round", [{ min: 0.39 }, { min: 0.4 }], { min: 0.39 }],
    ["the higher maximum", [{ max: 9 }, { max: 8 }], { max: 9 }],
    ["the lower open bound below", [{ above: 3 }, { above: 2 }], { above: 2 }],
    ["the higher open bound above", [{ below: 9 }, { below: 7 }], { below: 9 }],
    ["a side that only one states", [{ min: 1 }, { max: 9 }], { min: 1, max: 9 }],
    ["a closed bound that is lower than an open one", [{ min: 1 }, { above: 2 }], { min: 1 }],
    ["an open bound that is lower than a closed one", [{ min: 3 }, { above: 2 }], { above: 2 }],
    ["of equal ones the closed, which lets more in", [{ min: 2 }, { above: 2 }], { min: 2 }],
    ["a closed bound that is higher than an open one", [{ max: 9 }, { below: 8 }], { max: 9 }],
    ["an open bound that is higher than a closed one", [{ max: 7 }, { below: 8 }], { below: 8 }],
    ["of equal upper ones the closed", [{ max: 8 }, { below: 8 }], { max: 8 }],
  ];
  test.each(cases)("%s", (_name, limits, expected) => {
    expect(loosest(limits.map(seen))).toEqual(expected);
  });
});

test("boundsOf keeps only the operators of a row and their tolerance", () => {
  const row = { min: 1, ratios: ["16:9"], tolerance: 0.01, unit: "px", source: "x" } as Limit;
  expect(Object.keys(boundsOf(row)).sort()).toEqual(["min", "ratios", "tolerance"]);
});

test("the tolerance of a ratio is relative and inclusive", () => {
  const limit = { ratios: ["9:16", "2:1"], tolerance: 0.01 };
  for (const value of [9 / 16, 2, 2 * 1.01, 2 * 0.99, (9 / 16) * 1.01])
    expect(violatedOperator(limit, value)).toBeNull();
  for (const value of [2.03, 1.97, 16 / 9, 1, 0]) expect(violatedOperator(limit, value)).toBe("ratios");
  expect(violatedOperator({ ratios: ["16:9"] }, 16 / 9)).toBeNull();
  expect(violatedOperator({ ratios: ["16:9"] }, 1.78)).toBe("ratios");
});

describe("details of a finding", () => {
  const file = new URL("../../fixtures/video/mp4-h264-aac.mp4", import.meta.url);
  const table = (video: object): object => ({
    id: "t",
    title: "T",
    source: "s",
    checked: "2026-11-22",
    types: { video },
  });
  const findings = async (video: object) =>
    (await preflight(file, { rules: table(video), findings: "all" })).findings;

  test("reports a forbidden property that is present, and a required one that is absent", async () => {
    const forbidden = (await findings({ audioCodec: { forbidden: true } })).find((f) => f.verdict === "fail");
    expect(forbidden?.message).toContain("none is allowed");
    const silent = new URL("../../fixtures/video/mp4-h264-silent.mp4", import.meta.url);
    const report = await preflight(silent, { rules: table({ audioCodec: { required: true } }) });
    expect(report.findings[0]?.message).toContain("but one is required");
  });
  test("rounds ratios to four decimals and other numbers to six", async () => {
    const all = await findings({ aspectRatio: { max: 1 }, duration: { max: 1 } });
    const actual = (rule: string) => all.find((f) => f.rule === rule)?.actual;
    expect(actual("video/aspect-ratio")).toBe(1.7792);
    expect(`${actual("video/duration")}`).toMatch(/^\d+(\.\d{1,6})?$/);
  });
  test("a pass under every reading lists no other readings of its limit", async () => {
    const size = (await findings({ size: { max: 50, unit: "MB" } })).find((f) => f.rule === "video/size");
    expect(size?.verdict).toBe("pass");
    expect(size?.limit).not.toHaveProperty("or");
  });
});
