import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MediaPreflightError } from "../../src/errors.ts";
import { builtInTables, defaultTable } from "../../src/rules/tables.ts";
import { validateTable } from "../../src/rules/validate.ts";

/* A mistake in a table is an error with its path. The built-in tables are valid. */

// biome-ignore lint/suspicious/noExplicitAny: tables are broken here on purpose
type Broken = any;

function mistake(breakIt: (table: Broken) => void): string {
  const table = structuredClone(defaultTable);
  breakIt(table);
  try {
    validateTable(table);
  } catch (error) {
    expect(error).toBeInstanceOf(MediaPreflightError);
    expect((error as MediaPreflightError).code).toBe("bad-table");
    return (error as Error).message;
  }
  return "no mistake found";
}

test.each(Object.entries(builtInTables))(
  "the built-in table %s is valid and has its id",
  async (id, load) => {
    const table = await load();
    expect(validateTable(table)).toEqual(table);
    expect(table.id).toBe(id);
  },
);

test("the example tables are valid", () => {
  const folder = new URL("../../rules/examples/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  expect(files.length).toBeGreaterThan(1);
  for (const name of files) {
    const data: unknown = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    expect(validateTable(data)).toEqual(data);
  }
});

test("every observed bound names its source, date and confidence", () => {
  let seen = 0;
  const walk = (at: unknown): void => {
    if (typeof at !== "object" || at === null) return;
    if ("confidence" in at) {
      seen++;
      expect(at).toMatchObject({
        source: expect.stringMatching(/\w/),
        checked: expect.stringMatching(/^20\d\d-\d\d/),
      });
    }
    for (const inner of Object.values(at)) walk(inner);
  };
  walk(defaultTable);
  expect(seen).toBeGreaterThan(10);
});

describe("describeSchemaErrors", () => {
  const cases: [string, (table: Broken) => void, string | RegExp][] = [
    [
      "an unknown key",
      (t) => (t.types.video.duration.maxx = 3),
      "types.video.duration.maxx: unknown key; did you mean max?",
    ],
    [
      "an unknown property",
      (t) => (t.types.video.framerate = {}),
      "types.video.framerate: unknown key; did you mean frameRate?",
    ],
    ["an unknown kind", (t) => (t.types.videos = {}), /^types\.videos: unknown key/],
    [
      "bounds the wrong way round",
      (t) => (t.types.video.duration.min = 30),
      "types.video.duration: no value can satisfy both min 30 and max 15",
    ],
    [
      "an empty open interval",
      (t) => (t.types.video.width = { above: 3, below: 3 }),
      /^types\.video\.width: no value can satisfy both above 3 and below 3$/,
    ],
    [
      "an empty half-open interval",
      (t) => (t.types.video.width = { above: 3, max: 3 }),
      "types.video.width: no value can satisfy both above 3 and max 3",
    ],
    [
      "an empty interval, half-open at the other end",
      (t) => (t.types.video.width = { min: 3, below: 3 }),
      "types.video.width: no value can satisfy both min 3 and below 3",
    ],
    [
      "one value between two closed bounds",
      (t) => (t.types.video.width = { min: 3, max: 3 }),
      "no mistake found",
    ],
    ["NaN", (t) => (t.types.video.duration.min = Number.NaN), /^types\.video\.duration\.min: NaN/],
    [
      "infinity",
      (t) => (t.types.video.duration.max = Number.POSITIVE_INFINITY),
      /^types\.video\.duration\.max: Infinity/,
    ],
    ["a negative bound", (t) => (t.types.video.duration.min = -1), /^types\.video\.duration\.min: -1/],
    ["a number as text", (t) => (t.types.video.duration.min = "2"), /^types\.video\.duration\.min: "2"/],
    ["a wrong unit", (t) => (t.types.video.duration.unit = "px"), /^types\.video\.duration\.unit: "px"/],
    [
      "a wrong unit of an observation",
      (t) => (t.types.video.duration.observed.unit = "fps"),
      /^types\.video\.duration\.observed\.unit/,
    ],
    [
      "an observation without source",
      (t) => delete t.types.video.duration.observed.source,
      "types.video.duration.observed.source: missing",
    ],
    [
      "an observation without date",
      (t) => delete t.types.video.duration.observed.checked,
      "types.video.duration.observed.checked: missing",
    ],
    [
      "an unknown confidence",
      (t) => (t.types.video.duration.observed.confidence = "sure"),
      /^types\.video\.duration\.observed\.confidence/,
    ],
    ["a date that is none", (t) => (t.checked = "2026-13"), /^checked: "2026-13"/],
    ["no id", (t) => delete t.id, "id: missing"],
    [
      "a ratio that is none",
      (t) => (t.types.video.aspectRatio = { ratios: ["wide"] }),
      /^types\.video\.aspectRatio\.ratios\.0/,
    ],
    [
      "a tolerance of nothing",
      (t) => (t.types.video.aspectRatio = { tolerance: 0.1 }),
      /^types\.video\.aspectRatio\.tolerance/,
    ],
    [
      "a tolerance of ratios",
      (t) => (t.types.video.aspectRatio = { ratios: ["16:9"], tolerance: 0.1 }),
      "no mistake found",
    ],
    [
      "multiples of nothing",
      (t) => (t.types.video.width = { multipleOf: 0 }),
      /^types\.video\.width\.multipleOf/,
    ],
    [
      "required and forbidden",
      (t) => (t.types.video.audioCodec = { required: true, forbidden: true }),
      /^types\.video\.audioCodec:/,
    ],
    ["an empty list", (t) => (t.types.video.format = { in: [] }), /^types\.video\.format\.in/],
    [
      "an unknown key of a set",
      (t) => (t.sets["reference-to-video"].video = {}),
      /^sets\.reference-to-video\.video: unknown key/,
    ],
  ];
  test.each(cases)("%s", (_what, breakIt, expected) => {
    const message = mistake(breakIt);
    if (expected instanceof RegExp) expect(message).toMatch(expected);
    else expect(message).toBe(expected);
  });
  test("reports all mistakes at once, one per line", () => {
    const message = mistake((t) => {
      t.types.video.duration.maxx = 3;
      t.types.image.width.min = "x";
    });
    expect(message.split("\n")).toHaveLength(2);
  });
  test("names the table, and hints at the schema", () => {
    try {
      validateTable("text");
      expect.unreachable();
    } catch (error) {
      expect((error as MediaPreflightError).message).toMatch(/^table: /);
      expect((error as MediaPreflightError).hint).toContain("rules/schema.json");
    }
  });
  test.each([[null], [[]], ["text"], [7]])("%j is not a table", (input) =>
    expect(() => validateTable(input)).toThrow(),
  );
});
