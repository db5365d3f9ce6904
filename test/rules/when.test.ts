import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildReport } from "../../src/report/build.ts";
import { evaluate } from "../../src/rules/evaluate.ts";
import type { Table } from "../../src/rules/schema.ts";
import { validateTable } from "../../src/rules/validate.ts";
import { evidenceOf, type Made } from "./evidence.ts";

const tableWith = (when: object, row: object = { max: 5, unit: "s" }): Table =>
  validateTable({
    id: "t",
    title: "A table with a condition",
    source: "a test",
    checked: "2026-11-29",
    types: { video: { duration: { ...row, when } } },
  });
const results = (when: object, made: Made = {}, row?: object): string[] =>
  evaluate(evidenceOf("mp4", made), tableWith(when, row))
    .results.filter(({ rule }) => rule === "video/duration")
    .map(({ verdict, reason }) => (reason ? `${verdict} ${reason}` : verdict));
/** Ten seconds: over the row's limit. */
const long = { durations: [10] };

describe("a row with a condition", () => {
  test.each<[string, object, Made, string[]]>([
    [
      "applies where the condition holds",
      { videoCodec: { in: ["hevc"] } },
      { videoCodec: "hevc" },
      ["fail limit"],
    ],
    ["does not apply where it does not hold", { videoCodec: { in: ["hevc"] } }, { videoCodec: "h264" }, []],
    ["needs every condition", { videoCodec: { in: ["h264"] }, width: { min: 2000 } }, {}, []],
    [
      "applies where all of them hold",
      { videoCodec: { in: ["h264"] }, width: { min: 1000, unit: "px" } },
      {},
      ["fail limit"],
    ],
    ["an absent fact meets no bound", { audioCodec: { in: ["aac"] } }, {}, []],
    [
      "required asks whether there is one",
      { audioCodec: { required: true } },
      { audioCodec: "opus" },
      ["fail limit"],
    ],
    ["forbidden asks whether there is none", { audioCodec: { forbidden: true } }, {}, ["fail limit"]],
    [
      "forbidden does not hold where there is one",
      { audioCodec: { forbidden: true } },
      { audioCodec: "aac" },
      [],
    ],
    [
      "a fact that was not read leaves it unsure",
      { videoCodec: { in: ["hevc"] } },
      { videoCodec: null },
      ["unsure unread"],
    ],
    [
      "so does one over budget",
      { frameRate: { min: 50 } },
      { rates: [], unread: ["frameRate"] },
      ["unsure unread"],
    ],
    [
      "readings on both sides leave it unsure",
      { frameRate: { min: 50 } },
      { rates: [30, 60] },
      ["unsure reading"],
    ],
    [
      "MB in a condition has two readings",
      { size: { max: 10, unit: "MB" } },
      { bytes: 10_200_000 },
      ["unsure reading"],
    ],
    [
      "a condition that fails settles it, whatever else is unread",
      { videoCodec: { in: ["hevc"] }, width: { min: 5000 } },
      { videoCodec: null },
      [],
    ],
  ])("%s", (_, when, made, expected) => expect(results(when, { ...long, ...made })).toEqual(expected));

  test("a value inside the limit passes whether or not the row applies", () => {
    expect(results({ videoCodec: { in: ["hevc"] } }, { durations: [3], videoCodec: null })).toEqual(["pass"]);
  });
  test("the finding names the fact because of which it is uncertain", async () => {
    const table = tableWith({ videoCodec: { in: ["hevc"] } });
    const report = await buildReport(
      evaluate(evidenceOf("mp4", { ...long, videoCodec: null }), table),
      table,
      {
        file: null,
        limits: "documented",
        findings: "blocking",
        acceptUnsure: true,
      },
    );
    expect(report.findings.find(({ rule }) => rule === "video/duration")).toMatchObject({
      message:
        "10 s long, over 5 s; whether this limit applies depends on the video codec, which could not be read",
      hint: "trim to 4.9 s",
      reason: "unread",
    });
    expect(report.ok).toBe(false);
  });
});

describe("laws", () => {
  const rank: Readonly<Record<string, number>> = {
    pass: 0,
    note: 0,
    "unsure reading": 1,
    "unsure unread": 1,
    "fail limit": 2,
  };
  const made = fc.record({
    durations: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 3 }),
    rates: fc.array(fc.integer({ min: 20, max: 70 }), { maxLength: 3 }),
    videoCodec: fc.constantFrom("h264", "hevc", null),
  });
  const when = fc.record(
    {
      frameRate: fc.record({ min: fc.integer({ min: 20, max: 70 }) }),
      videoCodec: fc.constant({ in: ["hevc"] }),
    },
    { requiredKeys: ["frameRate"] },
  );
  const worstOf = (all: string[]): number => Math.max(0, ...all.map((one) => rank[one] ?? 9));

  test("a condition never makes a row stricter, and an unread fact never turns a fail into a pass", () => {
    fc.assert(
      fc.property(when, made, (condition, file) => {
        const free = worstOf(results({ duration: { min: 0 } }, file));
        const bound = worstOf(results(condition, file));
        expect(bound).toBeLessThanOrEqual(free);
        const unread = worstOf(results(condition, { ...file, rates: [], unread: ["frameRate"] }));
        const codecOut = "videoCodec" in condition && file.videoCodec === "h264";
        if (free === 2 && !codecOut) expect(unread).toBeGreaterThan(0);
      }),
    );
  });
  test("another reading of the condition's fact never turns unsure into pass or fail", () => {
    fc.assert(
      fc.property(when, made, fc.integer({ min: 20, max: 70 }), (condition, file, rate) => {
        const before = results(condition, file);
        const after = results(condition, { ...file, rates: [...file.rates, rate] });
        if (before.includes("unsure reading") && file.rates.length > 0) expect(after).toEqual(before);
      }),
    );
  });
});

describe("validation", () => {
  const mistake = (when: object): string => {
    try {
      tableWith(when);
    } catch (error) {
      return (error as Error).message;
    }
    return "no mistake found";
  };
  test.each<[object, RegExp]>([
    [
      { videoCodek: { in: ["hevc"] } },
      /^types\.video\.duration\.when\.videoCodek: unknown key; did you mean videoCodec\?/,
    ],
    [{ videoCodec: { min: 3 } }, /^types\.video\.duration\.when\.videoCodec\.min/],
    [{ duration: { min: 3, max: 2 } }, /when\.duration: no value can satisfy both min 3 and max 2/],
    [{ size: { max: 3, unit: "px" } }, /when\.size\.unit/],
    [{}, /when: it must name at least one fact/],
    [{ audioCodec: { required: true, forbidden: true } }, /required and forbidden exclude each other/],
    [{ audioCodec: { required: true } }, /^no mistake found$/],
  ])("%j", (when, expected) => expect(mistake(when)).toMatch(expected));
});
