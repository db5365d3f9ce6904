import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/rules/evaluate.ts";
import type { Table, TypeRules } from "../../src/rules/schema.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import type { RuleResult } from "../../src/rules/verdict.ts";
import { evidenceOf, type Made } from "./evidence.ts";

/* What follows from a picture's size: its resolution tier, and the proposed size. */

const tableOf = (video: TypeRules): Table => ({ ...defaultTable, types: { video } });
const results = (rules: TypeRules, made: Made): RuleResult[] =>
  evaluate(evidenceOf("mp4", made), tableOf(rules)).results;
const of = (rule: string, list: readonly RuleResult[]): RuleResult | undefined =>
  list.find((j) => j.rule === rule);

describe("the tier of a video", () => {
  test("is a fact of the report, and is evaluated only if the size passes", () => {
    const rules: TypeRules = {
      pixels: { min: 400_000, max: 1_000_000 },
      resolution: { in: ["480p"], tiers: { "480p": [[640, 640]], "720p": [[1280, 720]] } },
    };
    const at = (w: number, h: number) => evaluate(evidenceOf("mp4", { sizes: [[w, h]] }), tableOf(rules));
    expect(at(1280, 720).facts.resolution).toBe("720p");
    expect(of("video/resolution", at(1280, 720).results)).toMatchObject({
      verdict: "fail",
      actual: "720p",
    });
    expect(of("video/resolution", at(640, 640).results)).toMatchObject({
      verdict: "pass",
      actual: "480p",
    });
    expect(at(1920, 1080).facts.resolution).toBeNull();
    expect(of("video/resolution", at(1920, 1080).results)).toBeUndefined();
    // Equally far from both: the first one counts.
    expect(at(1, 665_600).facts.resolution).toBe("480p");
    expect(at(1, 665_601).facts.resolution).toBe("720p");
  });
  test("is evaluated if a limit of the size other than that of pixels is violated", () => {
    const rules: TypeRules = {
      width: { max: 1000 },
      resolution: { in: ["480p"], tiers: { "480p": [[640, 640]], "720p": [[1280, 720]] } },
    };
    const list = results(rules, { sizes: [[1280, 720]] });
    expect(list.filter((j) => j.verdict === "fail").map((j) => j.rule)).toEqual([
      "video/width",
      "video/resolution",
    ]);
  });
  test("is unknown if the size is unknown", () => {
    const rules: TypeRules = { resolution: { in: ["480p"], tiers: { "480p": [[640, 640]] } } };
    const { facts, results: list } = evaluate(evidenceOf("mp4", { sizes: [] }), tableOf(rules));
    expect(facts.resolution).toBeNull();
    expect(of("video/resolution", list)).toBeUndefined();
  });
  test("is not evaluated if the size is unsure", () => {
    const rules: TypeRules = {
      pixels: { max: 500_000 },
      resolution: { in: ["720p"], tiers: { "480p": [[640, 640]] } },
    };
    const made: Made = {
      sizes: [
        [640, 640],
        [1280, 720],
      ],
    };
    expect(of("video/pixels", results(rules, made))?.verdict).toBe("unsure");
    expect(of("video/resolution", results(rules, made))).toBeUndefined();
  });
  test("does not change the evidence", () => {
    const evidence = evidenceOf("mp4");
    evaluate(evidence, defaultTable);
    expect(evidence.facts.resolution).toBeNull();
  });
});

describe("the proposed size", () => {
  const targets = (made: Made, rules = defaultTable.types.video as TypeRules) =>
    results(rules, made)
      .filter((j) => j.target)
      .map((j) => [j.rule, `${j.target?.width}×${j.target?.height}`]);
  test("is part of each finding that blocks because of the size, and of no other", () => {
    expect(targets({ sizes: [[1920, 1080]], durations: [99] })).toEqual([["video/pixels", "1280×720"]]);
    expect(targets({ sizes: [[1280, 720]], durations: [99] })).toEqual([]);
    expect(targets({ sizes: [[299, 120]] }).map(([rule]) => rule)).toEqual([
      "video/width",
      "video/height",
      "video/pixels",
    ]);
  });
  test("is proposed for an ambiguous limit, not for a size that was not read", () => {
    const rules: TypeRules = { width: { max: 1000, readings: [{ max: 1300 }] } };
    expect(targets({ sizes: [[1290, 720]] }, rules)).toEqual([["video/width", expect.any(String)]]);
    expect(targets({ sizes: [[1290, 720]], unread: ["width"] }, { width: { max: 2000 } })).toEqual([]);
    expect(targets({ sizes: [] })).toEqual([]);
  });
  test("is absent if no size satisfies the limits", () => {
    const list = results({ width: { min: 500 }, pixels: { max: 1000 } }, { sizes: [[100, 100]] });
    expect(list.filter((j) => j.verdict === "fail")).toHaveLength(2);
    for (const result of list) expect(result).not.toHaveProperty("target");
  });
  test("satisfies the last, narrower reading", () => {
    const rules: TypeRules = { width: { max: 1300, readings: [{ max: 1000 }] } };
    const [found] = targets({ sizes: [[1290, 720]] }, rules);
    expect(Number(found?.[1]?.split("×")[0])).toBeLessThanOrEqual(1000);
  });
});
