import { expect, test } from "vitest";
import { chooseFrameRate, rateOf } from "../../src/fix/plan/frame-rate.ts";
import { limitsOf } from "../../src/fix/plan/limits.ts";
import { planFix } from "../../src/fix/plan.ts";
import { buildReport } from "../../src/report/build.ts";
import { evaluate } from "../../src/rules/evaluate.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { evidenceOf } from "../rules/evidence.ts";

test.each([
  [10, 30],
  [15, 30],
  [14.985, 29.97],
  [12, 24],
  [120, 60],
  [119.88, 59.94],
  [240, 60],
  [23.5, 24],
])("%d fps is shown most evenly at %d", (source, expected) => {
  const limits = limitsOf(defaultTable, "video", false);
  const rate = limits && chooseFrameRate(source, limits);
  expect(rate && rateOf(rate)).toBeCloseTo(expected, 2);
});

test("an average that a last frame of another length moved does not count", async () => {
  const evidence = evidenceOf("mp4", { rates: [14.894, 15] });
  const options = {
    file: "a file",
    limits: "documented",
    findings: "blocking",
    acceptUnsure: false,
  } as const;
  const report = await buildReport(
    evaluate(evidence, defaultTable, { type: "video" }),
    defaultTable,
    options,
  );
  expect(planFix(report).steps).toEqual([{ kind: "frame-rate", frameRate: 30 }]);
});

test("a variable rate becomes the one whose grid its frames lie on, as the hint says", async () => {
  const evidence = evidenceOf("mp4", { rates: [11, 30] });
  evidence.facts.frameRateMode = "variable";
  const options = {
    file: "a file",
    limits: "documented",
    findings: "blocking",
    acceptUnsure: false,
  } as const;
  const report = await buildReport(
    evaluate(evidence, defaultTable, { type: "video" }),
    defaultTable,
    options,
  );
  expect(report.findings[0]?.hint).toContain("30 fps");
  expect(planFix(report).steps).toEqual([{ kind: "frame-rate", frameRate: 30 }]);
});

test.each([
  { limits: "documented", target: 24, named: [{ kind: "frame-rate", frameRate: 24 }] },
  // This column starts at 23.8.
  { limits: "observed", target: 23.976, named: [] },
] as const)("a clip of 23.976 fps is $target fps by $limits limits, and a change is named", async (row) => {
  // Our parsers read 24000/1001 in two ways: exactly, and as its nominal 24.
  const evidence = evidenceOf("mp4", { sizes: [[4096, 2160]], rates: [24_000 / 1001, 24] });
  const report = await buildReport(
    evaluate(evidence, defaultTable, { type: "video", limits: row.limits }),
    defaultTable,
    { file: "a file", limits: row.limits, findings: "blocking", acceptUnsure: false },
  );
  const { steps, target } = planFix(report, {}, { rules: defaultTable });
  expect(target?.frameRate).toBeCloseTo(row.target, 3);
  expect(steps.filter(({ kind }) => kind === "frame-rate")).toEqual(row.named);
});
