import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeControls, escapeInXml } from "../../src/report/escape.ts";
import { formatBytes, formatCount, formatNumber, roundDown, roundUp } from "../../src/report/units.ts";

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
])("%d reads %s", (value, expected) => expect(formatNumber(value)).toBe(expected));

test("English numbers equal those of Intl", () => {
  const intl = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  fc.assert(
    fc.property(fc.integer({ min: 0 }), (n) => {
      expect(formatNumber(n)).toBe(intl.format(n));
    }),
  );
});

test("rounding up is never below the value", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e5, noNaN: true }), (n) => {
      expect(roundUp(n, 3)).toBeGreaterThanOrEqual(n - 2e-9);
      expect(roundUp(n, 3) - n).toBeLessThan(0.0011);
    }),
  );
});

test("rounding down never exceeds the value", () => {
  expect(roundDown(14.96, 1)).toBe(14.9);
  expect(roundDown(15, 1)).toBe(15);
});

test.each([
  [1234.5, "de", "1.234,5"],
  [1234567.891, "fr", "1\u202f234\u202f567,891"],
  [1234.5, "zh-CN", "1,234.5"],
  [-0.0001, "de", "0"],
])("%d in %s reads %j", (value, locale, expected) => expect(formatNumber(value, 3, locale)).toBe(expected));

test.each([
  [0, "0 B"],
  [512, "512 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [15_000, "15 kB"],
  [999_949, "999.9 kB"],
  [999_950, "1 MB"],
  [30_600_000, "30.6 MB"],
  [52_428_800, "52.4 MB"],
  [2_147_480_000, "2.1 GB"],
  [5e15, "5,000 TB"],
])("%d bytes read %s", (bytes, expected) => expect(formatBytes(bytes)).toBe(expected));

test("bytes follow the locale", () => expect(formatBytes(30_600_000, "de")).toBe("30,6 MB"));

test("escapes every harmful character, and escaping twice changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const out = escapeControls(text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: matches the characters that must not occur
      expect(out).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
      expect(escapeControls(out)).toBe(out);
      expect(escapeInXml(text)).not.toMatch(/[<>"']/);
    }),
  );
  expect(escapeControls("plain ü 中文 😀")).toBe("plain ü 中文 😀");
  expect(escapeControls("a\ud800b")).toBe("a\\ud800b");
});

test.each([
  [0, "0 files"],
  [1, "1 file"],
  [2000, "2,000 files"],
])("counts %i files as %j", (count, text) => expect(formatCount(count, "file")).toBe(text));
test("counts with an irregular plural", () => {
  expect([1, 2].map((n) => formatCount(n, "fixed copy", "fixed copies"))).toEqual([
    "1 fixed copy",
    "2 fixed copies",
  ]);
});
