import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { inspect, preflight } from "../../src/index.ts";
import { reportSchema } from "../../src/report/schema.ts";
import { properties } from "../../src/rules/properties.ts";
import { definitions } from "../../src/rules/schema.ts";
import { stated } from "../docs/generate.ts";
import { schemas } from "./schemas.ts";

/* The committed JSON Schemas are up to date, and real reports match theirs. */

test.each(Object.entries(schemas))(
  "%s is up to date (otherwise run node test/repo/schemas.ts)",
  (path, made) => {
    const committed: unknown = JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
    expect(committed).toEqual(JSON.parse(made));
  },
);

test("the schema of a table has every property, and no other", () => {
  const type = definitions.typeRules as unknown as { entries: Record<string, unknown> };
  expect(Object.keys(type.entries).sort()).toEqual(Object.keys(properties).sort());
});

test("the default unit is the first one that a row may state, and plain values have none", () => {
  const bare = ["text", "number", "boolean"];
  for (const [name, { unit }] of Object.entries(properties))
    expect(unit === null ? bare : [unit], name).toContain(stated(name)[0]);
});

describe("reports", () => {
  const files = [
    "audio/mp3-duration-15.3s.mp3",
    "image/jpeg-299x300.jpg",
    "damaged/png-cut-in-idat.png",
    "refused/webm.webm",
  ];
  test.each(files)("the report of %s matches the schema", async (file) => {
    const path = new URL(`../../fixtures/${file}`, import.meta.url);
    const report = await preflight(path, { findings: "all" });
    expect(report.findings.length).toBeGreaterThan(0);
    const result = v.safeParse(reportSchema, JSON.parse(JSON.stringify(report)));
    expect(result.issues ?? []).toEqual([]);
    expect((await inspect(path)).facts.format).toBe(report.facts.format);
  });
  test("other values do not", () => {
    expect(v.is(reportSchema, { schemaVersion: 1, file: "x", verdict: "pass" })).toBe(false);
    expect(v.is(reportSchema, { schemaVersion: 1, file: "x", verdict: null })).toBe(false);
  });
});
