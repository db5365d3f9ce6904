import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { builtInTables } from "../../../src/rules/tables.ts";
import { ran, scratch } from "../run.ts";

/* `rules show`: a table as text. */

const { path: home, remove } = scratch("rules-show");
afterAll(remove);
const show = async (table: string): Promise<string> => {
  const { code, out, err } = await ran(["rules", "show", table], { cwd: home });
  expect([code, err]).toEqual([0, ""]);
  return out;
};

test.each(Object.keys(builtInTables))("%s is shown in words, without JSON", async (id) => {
  expect(await show(id)).not.toMatch(/[{}[\]"]|undefined|\b0 \w, 1 \w/);
});

test("bounds of one file and of a set, and what other sources say", async () => {
  const lines = (await show("atlas-seedance-2.0")).split("\n");
  expect(lines).toContain("  width              300 – 6000 px; or read as above 300, below 6000");
  expect(lines).toContain("  videoCodec         h264, hevc (a note, never blocks)");
  expect(lines).toContain("  videos duration    each 2 – 15, together at most 15 s");
  expect(lines).toContain("  audios needs       visual");
  const pixels = lines.indexOf("  pixels             409600 – 927408 px");
  expect(lines[pixels + 2]).toMatch(/^ {21}generation-api documents 409600 – 2086876 \(2026-11-22; /);
  expect(await show("wan-3.0")).toContain("video\n  accepted without limits\n");
});

test("every operator and condition, with control characters escaped", async () => {
  const table = {
    ...{ id: "mine", title: "a\u001b[31m", source: "https://example.com/", checked: "2026-11-22" },
    types: {
      video: {
        size: { notIn: [1, 2], multipleOf: 8, unit: "MiB" },
        aspectRatio: { ratios: ["16:9", "1:1"], tolerance: 0.01 },
        frameRate: {
          ...{ max: 60, unit: "fps" },
          when: { videoCodec: { in: ["hevc"] }, audioCodec: { required: true } },
        },
        audioCodec: { forbidden: true },
        fastStart: { equals: true },
      },
    },
  };
  writeFileSync(join(home, "mine.json"), JSON.stringify(table));
  expect(await show("mine.json")).toBe(`mine  a\\u001b[31m
  https://example.com/, read 2026-11-22

video
  size               none of 1, 2, a multiple of 8 MiB
  aspectRatio        16:9, 1:1, tolerance 0.01
  frameRate          at most 60 fps; only if videoCodec hevc and audioCodec present
  audioCodec         none allowed
  fastStart          true
`);
});
