import { expect, test } from "vitest";
import { chooseFrameRate, rateOf } from "../../src/fix/plan/frame-rate.ts";
import { limitsOf } from "../../src/fix/plan/limits.ts";
import { defaultTable } from "../../src/rules/tables.ts";

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
