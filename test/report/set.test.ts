import { describe, expect, test } from "vitest";
import { en } from "../../src/report/messages/en.ts";
import { buildSetReport, type SetMember, setFindings } from "../../src/report/set.ts";
import { loadTable } from "../../src/rules/load.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import type { Made } from "../rules/evidence.ts";
import { reportOf } from "./report-of.ts";

const set = defaultTable.sets?.["reference-to-video"] ?? {};

describe("setFindings", () => {
  const found = async (references: Parameters<typeof setFindings>[1], options = {}): Promise<string[]> => {
    const findings = await setFindings(set, references, { ...options, locale: en });
    return findings.map((f) => `${f.verdict} ${f.rule}: ${f.message}${f.hint ? ` → ${f.hint}` : ""}`);
  };
  test.each([
    [{ images: 9 }, []],
    [{ images: 11 }, ["fail set/images-count: 11 reference images, over 9 (limit 1 – 9) → leave out 2"]],
    [{ videos: [5, 5, 5] }, []],
    [
      { videos: [8, 8] },
      [
        "fail set/videos-duration: the reference videos total 16 s, over 15 s → trim them to 14.9 s in total, or leave one out",
      ],
    ],
    [
      { videos: [2, 2, 2, 2] },
      ["fail set/videos-count: 4 reference videos, over 3 (limit 1 – 3) → leave out 1"],
    ],
    [
      { videos: [1, 5] },
      [
        "fail set/videos-duration-each: number 1 of the reference videos is 1 s long, under 2 s (limit 2 – 15) → make it at least 2.1 s long",
      ],
    ],
    [
      { audios: [3] },
      [
        "fail set/audios-needs-visual: reference audio needs at least one reference image or video → add a reference image or video",
      ],
    ],
    [{ audios: [3], images: 1 }, []],
    [
      { images: 1, lastFrame: true },
      [
        "fail set/frames-exclude-references: a request accepts either first and last frames or references, not both → leave out either the frames or the references",
      ],
    ],
    [{ firstFrame: true }, []],
    [
      { images: 9, videos: [2, 2, 2], audios: [2, 2, 2, 2] },
      [
        "fail set/audios-count: 4 reference audio files, over 3 (limit 1 – 3) → leave out 1",
        "fail set/total-count: 16 references in all, over 15 → leave out 1",
      ],
    ],
  ])("%j", async (references, expected) => expect(await found(references)).toEqual(expected));
  test("an unknown duration is unsure; a sum that is already over fails", async () => {
    const rules = async (videos: (number | null)[]): Promise<string[]> =>
      (await found({ videos })).map((line) => line.split(":")[0] ?? "");
    expect(await rules([null, 3])).toEqual(["unsure set/videos-duration-each", "unsure set/videos-duration"]);
    expect(await rules([null, 8, 8])).toEqual([
      "unsure set/videos-duration-each",
      "fail set/videos-duration",
    ]);
  });
  test("tracks of different duration count with both; observed limits are optional", async () => {
    const videos = [
      [
        { value: 7.5, from: "container" as const },
        { value: 7.6, from: "audio-track" as const },
      ],
      7.5,
    ];
    expect((await found({ videos }))[0]).toMatch(/^note set\/videos-duration/);
    expect((await found({ videos }, { strict: true }))[0]).toMatch(/^unsure set\/videos-duration/);
    expect(await found({ videos: [8, 7.2] }, { limits: "observed" })).toEqual([]);
    expect((await found({ videos: [8, 7.2] }))[0]).toMatch(/^fail .*the service has accepted up to 15\.2/);
  });
});

describe("buildSetReport", () => {
  const clip = (name: string, made: Made = {}) => reportOf("mp4", made, { name, findings: "all" });
  const image = (name: string) => reportOf("png", {}, { name, findings: "all" });
  const rules = (report: Awaited<ReturnType<typeof buildSetReport>>): string[] =>
    (report?.findings ?? []).map(({ verdict, rule }) => `${verdict} ${rule}`);

  test("passes and names files that pass in total", async () => {
    const members = [await clip("a.mp4", { durations: [7] }), await clip("b.mp4", { durations: [8] })];
    expect(await buildSetReport("reference-to-video", members, defaultTable)).toEqual({
      set: "reference-to-video",
      verdict: "pass",
      findings: [],
      files: ["a.mp4", "b.mp4"],
    });
  });
  test("files that pass individually can fail in total", async () => {
    const members = [await clip("a.mp4", { durations: [8] }), await clip("b.mp4", { durations: [8] })];
    const report = await buildSetReport("reference-to-video", members, defaultTable);
    expect(report?.verdict).toBe("fail");
    expect(rules(report)).toEqual(["fail set/videos-duration"]);
  });
  test("counts all readings of a duration that passes individually", async () => {
    const members = [
      await clip("a.mp4", { durations: [7.5, 7.9] }),
      await clip("b.mp4", { durations: [7.4] }),
    ];
    const report = await buildSetReport("reference-to-video", members, defaultTable, { strict: true });
    expect(rules(report)).toEqual(["unsure set/videos-duration"]);
    expect(report?.findings[0]?.readings.map(({ value }) => value)).toEqual([14.9, 15.3]);
  });
  test("the total across kinds is 15 on Seedance 2.0 and 50 on 2.5", async () => {
    const members = async (n: number): Promise<SetMember[]> =>
      Promise.all(Array.from({ length: n }, (_, i) => image(`${i}.png`)));
    const table25 = await loadTable("atlas-seedance-2.5");
    const total = async (n: number, table: typeof defaultTable): Promise<boolean> =>
      rules(await buildSetReport("reference-to-video", await members(n), table)).includes(
        "fail set/total-count",
      );
    expect([await total(15, defaultTable), await total(16, defaultTable)]).toEqual([false, true]);
    expect([await total(50, table25), await total(51, table25)]).toEqual([false, true]);
  });
  test("is not better than its worst file, and unsure if a file could not be checked", async () => {
    const bad = await clip("bad.mp4", { sizes: [[1920, 1080]] });
    const one = await buildSetReport("reference-to-video", [bad], defaultTable);
    expect([one?.verdict, one?.findings]).toEqual(["fail", []]);
    const gone: SetMember = { file: "gone.mp4", verdict: null };
    const two = await buildSetReport("reference-to-video", [await image("a.png"), gone], defaultTable);
    expect(two).toMatchObject({ verdict: "unsure", files: ["a.png", "gone.mp4"] });
    expect(rules(two)).toEqual(["unsure set/files"]);
  });
  test("returns null for a set that the table lacks", async () => {
    for (const name of ["nonsense", "constructor", "toString"])
      expect(await buildSetReport(name, [], defaultTable)).toBeNull();
  });
});
