import { describe, expect, test } from "vitest";
import { blockingFindings, messageWithHint, unacceptedFindings } from "../../src/report/blocking.ts";
import { buildReport } from "../../src/report/build.ts";
import { en } from "../../src/report/messages/en.ts";
import type { Report } from "../../src/report/report.ts";
import { evaluate } from "../../src/rules/evaluate.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { evidenceOf, type Made } from "../rules/evidence.ts";

/** A size between the two readings of 50 MB. */
const ambiguousSize = { bytes: 51_000_000 };

function reportOf(made: Made = {}, acceptUnsure: boolean | string[] = false): Report {
  return buildReport(evaluate(evidenceOf("mp4", made), defaultTable), defaultTable, {
    file: "clip.mp4",
    limits: "documented",
    findings: "all",
    acceptUnsure,
    messages: en,
  });
}
const rules = (findings: readonly { rule: string }[]): string[] => findings.map(({ rule }) => rule);

describe("blockingFindings", () => {
  test("lists fail and unsure, not passes and notes", () => {
    const report = reportOf({ ...ambiguousSize, durations: [20], videoCodec: "av1" });
    expect(report.findings.some(({ verdict }) => verdict === "note")).toBe(true);
    expect(rules(blockingFindings(report))).toEqual(["video/size", "video/duration"]);
    expect(blockingFindings(reportOf())).toEqual([]);
  });
  test("leaves out what acceptUnsure accepts, and keeps what only the configuration accepts", () => {
    expect(blockingFindings(reportOf(ambiguousSize, true))).toEqual([]);
    const excused = reportOf({ durations: [20] });
    for (const finding of excused.findings)
      finding.accepted = { by: "config", reason: "old clip", until: null };
    expect(rules(blockingFindings(excused))).toEqual(["video/duration"]);
    expect(unacceptedFindings(excused)).toEqual([]);
  });
});

describe("report.ok", () => {
  test.each<[string, Made, boolean | string[], boolean]>([
    ["a pass", {}, false, true],
    ["a fail", { durations: [20] }, true, false],
    ["disagreeing readings", ambiguousSize, false, false],
    ["accepted readings", ambiguousSize, true, true],
    ["readings accepted by rule", ambiguousSize, ["video/size"], true],
    ["readings accepted for another rule", ambiguousSize, ["video/duration"], false],
    ["an unread value", { rates: [] }, true, false],
    ["damage", { damage: [{ certain: false }] }, true, false],
  ])("%s", (_, made, accept, expected) => expect(reportOf(made, accept).ok).toBe(expected));
  test("is in copies and in JSON, and follows findings that are added", () => {
    const report = reportOf();
    expect(JSON.parse(JSON.stringify(report))).toHaveProperty("ok", true);
    expect({ ...report }.ok).toBe(true);
    report.verdict = "fail";
    expect(report.ok).toBe(false);
  });
  test("configuration and baseline do not change it", () => {
    const report = reportOf(ambiguousSize);
    for (const finding of report.findings) finding.accepted = { by: "baseline", reason: null, until: null };
    expect(report.ok).toBe(false);
  });
});

test("a message and its hint make one line", () => {
  expect(messageWithHint({ message: "too long", hint: "trim it" })).toBe("too long → trim it");
  expect(messageWithHint({ message: "too long", hint: null })).toBe("too long");
});
