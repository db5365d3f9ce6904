import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amount, type Bar, barOf } from "../../src/report/limit-bar.ts";
import type { Finding } from "../../src/report/report.ts";

const finding = (
  actual: number,
  limit: object,
  unit: Finding["unit"] = "s",
  readings: number[] = [],
): Finding => ({
  rule: "video/duration",
  verdict: "pass",
  actual,
  limit: limit as Finding["limit"],
  unit,
  message: "",
  hint: null,
  text: { message: { key: "" }, hint: null },
  readings: readings.map((value) => ({ value, from: "container" })),
});

const bar = (...given: Parameters<typeof finding>): Bar => {
  const made = barOf(finding(...given));
  if (!made) throw new Error("no bar");
  return made;
};

describe("a bar", () => {
  const units = fc.constantFrom("px", "s", "fps", "B", null);
  const positive = fc.double({ min: 1e-3, max: 1e12, noNaN: true });

  test("shows a value inside the allowed part exactly if it is inside the limit, and always on the track", () => {
    fc.assert(
      fc.property(positive, positive, positive, units, (a, b, value, unit) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(max > min * (1 + 1e-9));
        for (const limit of [{ min, max }, { max }, { min }, { below: max }, { above: min }]) {
          const { from, to, at } = bar(value, limit, unit);
          const [place = Number.NaN] = at;
          const inside =
            value >= (limit.min ?? limit.above ?? 0) && value <= (limit.max ?? limit.below ?? Infinity);
          expect(place).toBeGreaterThanOrEqual(0);
          expect(place).toBeLessThanOrEqual(100);
          // At the edges themselves, rounding may put a hair's breadth between them.
          if (inside) {
            expect(place).toBeGreaterThanOrEqual(from - 1e-6);
            expect(place).toBeLessThanOrEqual(to + 1e-6);
          } else expect(place < from || place > to).toBe(true);
        }
      }),
    );
  });

  test("keeps the order of values", () => {
    fc.assert(
      fc.property(positive, positive, units, (a, b, unit) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const limit = { min: 10, max: 1000 };
        expect(bar(low, limit, unit).at[0]).toBeLessThanOrEqual((bar(high, limit, unit).at[0] ?? 0) + 1e-9);
      }),
    );
  });

  test("has square in the middle of 0.4 – 2.5, and every claim of the file", () => {
    expect(bar(1, { min: 0.4, max: 2.5 }, null).at[0]).toBeCloseTo(50, 1);
    expect(bar(3, { min: 2, max: 15 }, "s", [3, 20]).at).toHaveLength(2);
  });

  test("is drawn neither for text nor for a limit without bounds", () => {
    expect(barOf(finding(1, { in: [1, 2] }))).toBeNull();
    expect(barOf({ ...finding(1, {}), actual: "mp4", limit: { in: ["mp4"] } })).toBeNull();
    expect(barOf({ ...finding(1, {}), limit: null })).toBeNull();
  });
});

test("amounts are short, and say their unit", () => {
  const unit = (name: string): string => `<${name}>`;
  expect(amount(52_428_800, "B", unit)).toBe("52.4 MB");
  expect(amount(2_073_600, "px", unit)).toBe("2,073,600 <px>");
  expect(amount(1.7778, null, unit)).toBe("1.778");
  expect(amount("mp4", null, unit)).toBe("mp4");
  expect(amount(null, "s", unit)).toBe("");
});
