import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeControls, escapeInXml } from "../../src/report/escape.ts";
import { megabytes, number, roundUp } from "../../src/report/units.ts";

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [2_073_600, "2,073,600"],
  [23.976023976, "23.976"],
  [0.1 + 0.2, "0.3"],
  [-1234.5, "-1,234.5"],
  [-0.0001, "0"],
  [1e15, "1,000,000,000,000,000"],
])("%d reads %s", (value, expected) => expect(number(value)).toBe(expected));

test("a number reads as Intl would write it", () => {
  const intl = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  fc.assert(
    fc.property(fc.integer({ min: 0 }), (n) => {
      expect(number(n)).toBe(intl.format(n));
    }),
  );
});

test("what is asked for suffices", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e5, noNaN: true }), (n) => {
      expect(roundUp(n, 3)).toBeGreaterThanOrEqual(n - 2e-9);
      expect(roundUp(n, 3) - n).toBeLessThan(0.0011);
    }),
  );
});

test("megabytes are millions", () => {
  expect(megabytes(30_600_000)).toBe("30.6 MB");
  expect(megabytes(512)).toBe("512 B");
});

test("nothing escaped is left to do harm, and escaping twice changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const out = escapeControls(text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(out).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
      expect(escapeControls(out)).toBe(out);
      expect(escapeInXml(text)).not.toMatch(/[<>"']/);
    }),
  );
  expect(escapeControls("plain ü 中文 😀")).toBe("plain ü 中文 😀");
  expect(escapeControls("a\ud800b")).toBe("a\\ud800b");
});
