import { expect, test } from "vitest";
import type { Format } from "../../src/facts/formats.ts";
import { evaluate } from "../../src/rules/evaluate.ts";
import { loadTable } from "../../src/rules/load.ts";
import { evidenceOf, type Made } from "./evidence.ts";

/*
 * The limits in Atlas Cloud's OpenAPI document of Seedance 2.5, tested on both sides. Files that the older guide's
 * limits refuse pass here.
 */

const table = await loadTable("atlas-seedance-2.5");
const evaluatePrinted = (
  format: Format,
  made: Made,
  limits: "documented" | "observed" = "documented",
): string => {
  const { verdict, results } = evaluate(evidenceOf(format, made), table, { limits });
  const blocking = results.filter((r) => r.verdict === "fail" || r.verdict === "unsure");
  return [verdict, ...blocking.map((r) => r.rule)].join(" ");
};

test.each<[string, Format, Made, string]>([
  ["1080p", "mp4", { sizes: [[1920, 1080]] }, "pass"],
  ["4K UHD", "mp4", { sizes: [[3840, 2160]] }, "pass"],
  ["one pixel row more than 8,295,044", "mp4", { sizes: [[3840, 2161]] }, "fail video/pixels"],
  ["409,600 pixels", "mp4", { sizes: [[640, 640]] }, "pass"],
  ["848×480", "mp4", { sizes: [[848, 480]] }, "fail video/pixels"],
  ["200 MB, read as either", "mp4", { bytes: 200_000_000 }, "pass"],
  ["between the two readings of 200 MB", "mp4", { bytes: 200_000_001 }, "unsure video/size"],
  ["over both", "mp4", { bytes: 209_715_201 }, "fail video/size"],
  ["30 s", "mp4", { durations: [30] }, "pass"],
  ["30.1 s", "mp4", { durations: [30.1] }, "fail video/duration"],
  ["1.9 s", "mp4", { durations: [1.9] }, "fail video/duration"],
  ["30 s of audio", "wav", { durations: [30] }, "pass"],
  ["30.1 s of audio", "wav", { durations: [30.1] }, "fail audio/duration"],
])("%s", (_, format, made, expected) => expect(evaluatePrinted(format, made)).toBe(expected));

test("observed limits are wider", () => {
  expect(evaluatePrinted("mp4", { durations: [30.2] }, "observed")).toBe("pass");
  expect(evaluatePrinted("mp4", { durations: [1.8], sizes: [[848, 481]] }, "observed")).toBe("pass");
  expect(evaluatePrinted("mp3", { durations: [30.3] }, "observed")).toBe("fail audio/duration");
});

test("reports no resolution tier of the older model", () =>
  expect(evaluate(evidenceOf("mp4", { sizes: [[1920, 1080]] }), table).facts.resolution).toBeNull());
