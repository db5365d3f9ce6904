import { describe, expect, test } from "vitest";
import {
  blockingFindings,
  isAccepted,
  messageWithHint,
  unacceptedFindings,
} from "../../src/report/blocking.ts";
import type { Report } from "../../src/report/report.ts";
import type { Made } from "../rules/evidence.ts";
import { reportOf as reportOfFormat } from "./report-of.ts";

/** A size between the two readings of 50 MB. */
const ambiguousSize = { bytes: 51_000_000 };

const reportOf = (made: Made = {}, acceptUnsure: boolean | string[] = false): Promise<Report> =>
  reportOfFormat("mp4", made, { findings: "all", acceptUnsure });
const rules = (findings: readonly { rule: string }[]): string[] => findings.map(({ rule }) => rule);

describe("blockingFindings", () => {
  test("lists fail and unsure, not passes and notes", async () => {
    const report = await reportOf({ ...ambiguousSize, durations: [20], videoCodec: "av1" });
    expect(report.findings.some(({ verdict }) => verdict === "note")).toBe(true);
    expect(rules(blockingFindings(report))).toEqual(["video/size", "video/duration"]);
    expect(blockingFindings(await reportOf())).toEqual([]);
  });
  test("leaves out findings accepted by acceptUnsure, and keeps those accepted by configuration", async () => {
    expect(blockingFindings(await reportOf(ambiguousSize, true))).toEqual([]);
    const excused = await reportOf({ durations: [20] });
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
  ])("%s", async (_, made, accept, expected) => expect((await reportOf(made, accept)).ok).toBe(expected));
  test("is part of copies and of JSON, and reflects findings that are added later", async () => {
    const report = await reportOf();
    expect(JSON.parse(JSON.stringify(report))).toHaveProperty("ok", true);
    expect({ ...report }.ok).toBe(true);
    report.verdict = "fail";
    expect(report.ok).toBe(false);
  });
  test("is not changed by configuration or baseline", async () => {
    const report = await reportOf(ambiguousSize);
    for (const finding of report.findings) finding.accepted = { by: "baseline", reason: null, until: null };
    expect(report.ok).toBe(false);
  });
});

test("messageWithHint joins message and hint in one line", async () => {
  expect(messageWithHint({ message: "too long", hint: "trim it" })).toBe("too long → trim it");
  expect(messageWithHint({ message: "too long", hint: null })).toBe("too long");
});

describe("isAccepted", () => {
  test("accepts a pass, and findings that acceptUnsure covers", async () => {
    expect(isAccepted(await reportOf())).toBe(true);
    expect(isAccepted(await reportOf(ambiguousSize))).toBe(false);
    expect(isAccepted(await reportOf(ambiguousSize), true)).toBe(true);
    expect(isAccepted(await reportOf(ambiguousSize), ["video/size"])).toBe(true);
    expect(isAccepted(await reportOf(ambiguousSize), ["video/duration"])).toBe(false);
    expect(isAccepted(await reportOf({ ...ambiguousSize, durations: [15, 15.3] }), ["video/size"])).toBe(
      false,
    );
  });
  test("never accepts a fail, an unread value or damage", async () => {
    for (const made of [
      { bytes: 60_000_000 },
      { rates: [] },
      { damage: [{ certain: false }] },
      { ...ambiguousSize, unread: ["all" as const] },
    ])
      expect(isAccepted(await reportOf(made), true)).toBe(false);
  });
  test("does not depend on acceptance by configuration", async () => {
    const report = await reportOf({ bytes: 60_000_000 });
    for (const finding of report.findings) finding.accepted = { by: "config", reason: "old", until: null };
    expect(isAccepted(report, true)).toBe(false);
  });
  test("marks accepted findings", async () =>
    expect(
      (await reportOf(ambiguousSize, ["video/size"])).findings.find(({ rule }) => rule === "video/size")
        ?.accepted,
    ).toEqual({
      by: "option",
      reason: null,
      until: null,
    }));
});
