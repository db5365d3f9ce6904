import { expect, test } from "vitest";
import { defineTable, preflight } from "../../src/index.ts";

test("a table defined in code is used like any other", async () => {
  const rules = defineTable({
    id: "tiny",
    title: "Tiny pictures",
    source: "a test",
    checked: "2026-11-29",
    types: { image: { width: { max: 10, unit: "px" } } },
  });
  const report = await preflight("fixtures/image/jpeg-640x480.jpg", { rules });
  expect([report.rules, report.findings.map(({ rule }) => rule)]).toEqual(["tiny", ["image/width"]]);
});

test("a mistake that types cannot detect is reported when the table is used", async () => {
  const rules = defineTable({
    id: "tiny",
    title: "Tiny pictures",
    source: "a test",
    checked: "2026-11-29",
    types: { image: { width: { min: 20, max: 10 } } },
  });
  await expect(preflight("fixtures/image/jpeg-640x480.jpg", { rules })).rejects.toMatchObject({
    code: "bad-table",
  });
});
