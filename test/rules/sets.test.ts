import { describe, expect, test } from "vitest";
import type { Reading } from "../../src/facts/evidence.ts";
import type { SetRules } from "../../src/rules/schema.ts";
import { evaluateSet, type References, type SetOptions } from "../../src/rules/sets.ts";
import type { RuleResult } from "../../src/rules/verdict.ts";

/* Rules on the references of one request: bounds, unknown durations, readings that disagree. */

const seen = { confidence: "high", source: "a test", checked: "2026-11" } as const;
const set: SetRules = {
  images: { count: { min: 1, max: 9 } },
  videos: {
    count: { min: 1, max: 3 },
    duration: {
      each: { min: 2, max: 15 },
      sum: { max: 15 },
      unit: "s",
      observed: { sum: { max: 15.2 }, ...seen },
    },
  },
  audios: {
    count: { min: 1, max: 3 },
    duration: {
      each: { min: 2, max: 15 },
      sum: { min: 3, max: 15 },
      observed: { each: { min: 1.8 }, ...seen },
    },
    needs: "visual",
  },
  frames: { excludes: "references" },
};
const evaluateAll = (references: References, options?: SetOptions): RuleResult[] =>
  evaluateSet(set, references, options);
const summaries = (references: References, options?: SetOptions): string[] =>
  evaluateAll(references, options)
    .filter((j) => j.verdict !== "pass")
    .map((j) => `${j.verdict} ${j.rule}${j.reason ? ` ${j.reason}` : ""}`);
const one = (rule: string, references: References, options?: SetOptions): RuleResult | undefined =>
  evaluateAll(references, options).find((j) => j.rule === rule);
const claims = (...values: number[]): Reading<number>[] =>
  values.map((value) => ({ value, from: "container" }));

describe("counts", () => {
  test("are not evaluated without references: a documented minimum limits only what is given", () => {
    expect(evaluateAll({})).toEqual([]);
    expect(evaluateAll({ images: 0, videos: [], audios: [] })).toEqual([]);
  });
  test.each([
    [{ images: 1 }, []],
    [{ images: 9 }, []],
    [{ images: 10 }, ["fail set/images-count limit"]],
    [{ videos: [5, 5, 5] }, []],
    [{ videos: [3, 3, 3, 3] }, ["fail set/videos-count limit"]],
    [{ images: 1, audios: [4, 4, 4] }, []],
    [{ images: 1, audios: [3, 3, 3, 3] }, ["fail set/audios-count limit"]],
  ])("%j", (references, expected) => expect(summaries(references)).toEqual(expected));
  test("a finding has the kind, the number and the limit", () =>
    expect(one("set/images-count", { images: 10 })).toEqual({
      rule: "set/images-count",
      subject: "set",
      verdict: "fail",
      reason: "limit",
      actual: 10,
      limit: { min: 1, max: 9 },
      operator: "max",
      unit: null,
      readings: [],
      detail: { test: "count", kind: "images" },
    }));
  test("a set may have only some of the rules", () => {
    const some: SetRules = { images: { count: { max: 2 } }, videos: {}, audios: {} };
    const given = { images: 3, videos: [99], audios: [99], lastFrame: true };
    expect(evaluateSet(some, given).map((j) => j.rule)).toEqual(["set/images-count"]);
  });
  test("rules that a set lacks are not evaluated", () =>
    expect(evaluateSet({}, { images: 20, videos: [99], audios: [99], firstFrame: true })).toEqual([]));
});

describe("duration of each clip", () => {
  test("bounds are inclusive, and the finding has the clip's number and kind", () => {
    expect(summaries({ videos: [2, 2, 11] })).toEqual([]);
    expect(summaries({ videos: [15] })).toEqual([]);
    expect(summaries({ videos: [5, 1.99] })).toEqual(["fail set/videos-duration-each limit"]);
    const [first, second] = evaluateAll({ videos: [5, 1.99] }).filter(
      (j) => j.rule === "set/videos-duration-each",
    );
    expect(first).toMatchObject({
      verdict: "pass",
      actual: 5,
      detail: { test: "each", kind: "videos", index: "1" },
    });
    expect(second).toMatchObject({
      verdict: "fail",
      actual: 1.99,
      limit: { min: 2, max: 15 },
      unit: "s",
      operator: "min",
      detail: { test: "each", kind: "videos", index: "2" },
    });
  });
  test("an unknown duration is unread, and so is an invalid one", () => {
    for (const unknown of [
      null,
      [],
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -1,
      claims(5, Number.NaN),
      claims(-2),
    ])
      expect(summaries({ videos: [unknown] })).toEqual([
        "unsure set/videos-duration-each unread",
        "unsure set/videos-duration unread",
      ]);
    expect(one("set/videos-duration-each", { videos: [null] })).toMatchObject({ actual: null, readings: [] });
    expect(summaries({ videos: [0] })).toEqual(["fail set/videos-duration-each limit"]);
  });
  test("readings on both sides of a limit are unsure, and are listed", () => {
    const each = one("set/videos-duration-each", { videos: [claims(2.1, 1.9)] });
    expect(each).toMatchObject({ verdict: "unsure", reason: "reading", actual: 2.1 });
    expect(each?.readings).toEqual(claims(2.1, 1.9));
    expect(one("set/videos-duration-each", { videos: [claims(4, 4)] })?.readings).toEqual([]);
  });
  test("an observation on the sum does not loosen the limit on each clip", () => {
    expect(summaries({ images: 1, audios: [claims(2, 1.9), 5] })).toEqual(["note set/audios-duration-each"]);
    expect(summaries({ images: 1, audios: [claims(2, 1.9), 5] }, { strict: true })).toEqual([
      "unsure set/audios-duration-each reading",
    ]);
    expect(summaries({ videos: [claims(2, 1.9), 5] })).toEqual(["unsure set/videos-duration-each reading"]);
  });
});

describe("total duration", () => {
  test("is the sum without rounding errors", () => {
    expect(one("set/videos-duration", { videos: [7.1, 7.9] })).toMatchObject({
      verdict: "pass",
      actual: 15,
      limit: { max: 15 },
      unit: "s",
      readings: [],
      detail: { test: "sum", kind: "videos" },
    });
    expect(one("set/videos-duration", { videos: [2.1, 2.2, 10.7] })?.actual).toBe(15);
    expect(summaries({ videos: [7.5, 7.500001] })).toEqual(["fail set/videos-duration limit"]);
    expect(summaries({ images: 1, audios: [2, 2] })).toEqual([]);
    expect(summaries({ images: 1, audios: [2] })).toEqual(["fail set/audios-duration limit"]);
  });
  test("has three readings if clips have several: of the first, the shortest and the longest", () => {
    const sum = one("set/videos-duration", { videos: [claims(8, 7, 9), claims(6.5, 6.9)] });
    expect(sum?.readings.map((r) => r.value)).toEqual([14.5, 13.5, 15.9]);
    expect(sum).toMatchObject({ actual: 14.5, verdict: "unsure", reason: "reading" });
  });
  test("is unread if one duration is unknown, unless the others are already too long", () => {
    const rule = "set/videos-duration";
    expect(one(rule, { videos: [5, null] })).toMatchObject({
      verdict: "unsure",
      reason: "unread",
      actual: 5,
    });
    expect(one(rule, { videos: [8, null, 8] })).toMatchObject({
      verdict: "fail",
      reason: "limit",
      actual: 16,
    });
    expect(one("set/audios-duration", { images: 1, audios: [2, null] })).toMatchObject({
      verdict: "unsure",
      reason: "unread",
    });
  });
  test("an observation resolves ambiguity unless strict, and observed limits replace documented ones", () => {
    const ambiguous = { videos: [8, claims(6.9, 7.1)] };
    const note = one("set/videos-duration", ambiguous);
    expect(note).toMatchObject({
      verdict: "note",
      operator: "max",
      observed: { limit: { max: 15.2 }, ...seen },
    });
    expect(note).not.toHaveProperty("reason");
    expect(summaries(ambiguous, { strict: true })).toEqual(["unsure set/videos-duration reading"]);
    const observed = one("set/videos-duration", { videos: [8, 7.2] }, { limits: "observed" });
    expect(observed).toMatchObject({ verdict: "pass", limit: { max: 15.2 } });
    expect(observed).not.toHaveProperty("observed");
    expect(summaries({ videos: [8, 7.3] }, { limits: "observed" })).toEqual([
      "fail set/videos-duration limit",
    ]);
    expect(one("set/videos-duration", { videos: [8, 7.2] })).toMatchObject({
      verdict: "fail",
      limit: { max: 15 },
      observed: { limit: { max: 15.2 } },
    });
    expect(one("set/videos-duration-each", { videos: [8] }, { limits: "observed" })?.limit).toEqual({
      min: 2,
      max: 15,
    });
  });
});

describe("combinations", () => {
  test("reference audio needs an image or a video", () => {
    expect(summaries({ audios: [5] })).toEqual(["fail set/audios-needs-visual limit"]);
    expect(summaries({ audios: [5], images: 1 })).toEqual([]);
    expect(summaries({ audios: [5], videos: [5] })).toEqual([]);
    expect(one("set/audios-needs-visual", { audios: [5] })).toEqual({
      rule: "set/audios-needs-visual",
      subject: "set",
      verdict: "fail",
      reason: "limit",
      actual: null,
      limit: null,
      unit: null,
      readings: [],
      detail: { test: "needs-visual" },
    });
    expect(one("set/audios-needs-visual", { audios: [5], images: 1 })).not.toHaveProperty("reason");
  });
  test.each([{ firstFrame: true }, { lastFrame: true }, { firstFrame: true, lastFrame: true }])(
    "%j excludes references",
    (frames) => {
      expect(summaries(frames)).toEqual([]);
      expect(one("set/frames-exclude-references", frames)?.verdict).toBe("pass");
      for (const more of [{ images: 1 }, { videos: [5] }, { images: 1, audios: [5] }])
        expect(summaries({ ...frames, ...more })).toEqual(["fail set/frames-exclude-references limit"]);
      expect(one("set/frames-exclude-references", { ...frames, images: 1 })?.detail).toEqual({
        test: "exclude-references",
      });
    },
  );
  test("references are allowed without frames", () => {
    expect(one("set/frames-exclude-references", { images: 2, firstFrame: false })).toBeUndefined();
  });
});
