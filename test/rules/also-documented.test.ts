import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/rules/evaluate.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { validateTable } from "../../src/rules/validate.ts";
import type { RuleResult } from "../../src/rules/verdict.ts";
import { evidenceOf, type Made } from "./evidence.ts";

/* A looser limit in another document of the service: mentioned in a failing finding, never part of the verdict. */

const pixelsOf = (sizes: Made["sizes"], limits: "documented" | "observed" = "documented"): RuleResult => {
  const { results } = evaluate(evidenceOf("mp4", { sizes }), defaultTable, { limits });
  const found = results.find(({ rule }) => rule === "video/pixels");
  if (!found) throw new Error("no result for video/pixels");
  return found;
};

describe("pixels of a Seedance 2.0 video", () => {
  test.each([
    ["inside the guide's limit", 1112, 834, "pass", false],
    ["just over the guide's limit", 1112, 836, "fail", true],
    ["just inside the generation API's limit", 1444, 1445, "fail", true],
    ["just over the generation API's limit", 1446, 1444, "fail", false],
    ["under both limits", 848, 480, "fail", false],
  ] as const)("%s: %i×%i", (_, width, height, verdict, mentioned) => {
    const result = pixelsOf([[width, height]]);
    expect(result.verdict).toBe(verdict);
    expect(result.alsoDocumented?.by).toBe(mentioned ? "generation-api" : undefined);
    if (mentioned) expect(result.alsoDocumented?.limit).toEqual({ min: 409_600, max: 2_086_876 });
  });

  test("does not mention a document that would refuse one of the readings", () => {
    const result = pixelsOf([
      [1280, 800],
      [1920, 1440],
    ]);
    expect(result.verdict).toBe("fail");
    expect(result.alsoDocumented).toBeUndefined();
  });

  test("does not change what observed limits accept", () => {
    expect(pixelsOf([[1920, 1080]], "observed").verdict).toBe("pass");
  });
});

test("a table must name a known document, with source and date", () => {
  const tableWith = (alsoDocumented: object): object => ({
    id: "mine",
    title: "Mine",
    source: "a test",
    checked: "2026-11",
    types: { video: { pixels: { max: 100, alsoDocumented } } },
  });
  const complete = { by: "generation-api", max: 200, source: "a test", checked: "2026-11" };
  expect(validateTable(tableWith(complete))).toMatchObject({ id: "mine" });
  expect(() => validateTable(tableWith({ ...complete, by: "rumour" }))).toThrow(/alsoDocumented\.by/);
  expect(() => validateTable(tableWith({ ...complete, source: undefined }))).toThrow(
    /alsoDocumented\.source/,
  );
});
