import { describe, expect, test } from "vitest";
import type { Evidence } from "../../src/facts/evidence.ts";
import type { Format } from "../../src/facts/formats.ts";
import { type EvaluateOptions, evaluate } from "../../src/rules/evaluate.ts";
import type { Table } from "../../src/rules/schema.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import type { RuleResult } from "../../src/rules/verdict.ts";
import { evidenceOf, type Made } from "./evidence.ts";

/* The rules that apply with every table: type, format, integrity, extension and cross-check. */

const of = (rule: string, list: readonly RuleResult[]): RuleResult | undefined =>
  list.find((j) => j.rule === rule);

describe("rules that apply with every table", () => {
  const evaluated = (evidence: Evidence, options: EvaluateOptions = {}, table = defaultTable) =>
    evaluate(evidence, table, options);
  test("a correct declared type passes; without a declared type there is no type result", () => {
    expect(of("video/type", evaluated(evidenceOf("mp4"), { type: "video" }).results)).toMatchObject({
      verdict: "pass",
      actual: "video",
      limit: { equals: "video" },
    });
    expect(of("video/type", evaluated(evidenceOf("mp4")).results)).toBeUndefined();
  });
  test("a wrong declared type reports the file's kind, and whether the table accepts it as that kind", () => {
    const wrong = (format: Format) =>
      of("image/type", evaluated(evidenceOf(format), { type: "image" }).results);
    expect(wrong("mp4")).toMatchObject({
      verdict: "fail",
      reason: "limit",
      actual: "video",
      limit: { equals: "image" },
      detail: { label: "MP4 video", kind: "video", declared: "image", accepted: "yes" },
    });
    expect(wrong("webm")?.detail).not.toHaveProperty("accepted");
    const format = of("image/format", evaluated(evidenceOf("mp4"), { type: "image" }).results);
    expect(format).toMatchObject({
      verdict: "fail",
      actual: "mp4",
      detail: { label: "MP4 video", kind: "video" },
    });
    expect(evaluated(evidenceOf("mp4"), { type: "image" }).type).toBe("image");
  });
  test("each result has its own subject", () => {
    const subjects = (list: readonly RuleResult[]): string[] => list.map((j) => `${j.rule} ${j.subject}`);
    const evidence = evidenceOf("mp4");
    evidence.crossCheckNotes.push({ crossCheck: "mediainfo", why: "it ran out of time" });
    const all = subjects(evaluated(evidence, { type: "video", name: "a.mov" }).results);
    for (const subject of [
      "video/type type",
      "video/format format",
      "video/integrity integrity",
      "video/extension extension",
      "video/cross-check cross-check",
    ])
      expect(all).toContain(subject);
    expect(subjects(evaluated(evidenceOf("mp4"), { type: "image" }).results)).toEqual([
      "image/type type",
      "image/format format",
    ]);
    expect(subjects(evaluated(evidenceOf(null)).results)).toEqual(["file/format format"]);
  });
  test("a format that was not read with certainty does not pass", () => {
    const found = of("video/format", evaluated(evidenceOf("mp4", { unread: ["format"] })).results);
    expect(found).toMatchObject({ verdict: "unsure", reason: "unread" });
  });
  test("reports the name that a cross-check library gives an unknown format", () => {
    const evidence = evidenceOf(null);
    evidence.label = "a game's texture";
    expect(of("file/format", evaluated(evidence).results)?.detail).toEqual({ label: "a game's texture" });
  });
  test("a format is accepted only if every reading of the limit accepts it", () => {
    const format = { in: ["mp4", "mov"], readings: [{ in: ["mov"] }] };
    const table: Table = { ...defaultTable, types: { image: {}, video: { format } } };
    const detail = (f: Format) =>
      of("image/type", evaluated(evidenceOf(f), { type: "image" }, table).results)?.detail;
    expect(detail("mp4")).not.toHaveProperty("accepted");
    expect(detail("mov")).toMatchObject({ accepted: "yes" });
    const none: Table = { ...defaultTable, types: { image: {} } };
    expect(
      of("image/type", evaluated(evidenceOf("mp4"), { type: "image" }, none).results)?.detail,
    ).not.toHaveProperty("accepted");
  });
  test("a table without rules for a kind is named in the result", () => {
    const table: Table = { ...defaultTable, types: { image: {} } };
    expect(of("video/type", evaluated(evidenceOf("mp4"), {}, table).results)).toMatchObject({
      verdict: "fail",
      detail: { table: defaultTable.id, kind: "video" },
    });
    expect(evaluated(evidenceOf("mp4"), { type: "image" }, table).results.map((j) => j.rule)).toEqual([
      "image/type",
    ]);
  });
  test("bytes without a known format report the accepted formats, or the damage", () => {
    const nothing = of("video/format", evaluated(evidenceOf(null), { type: "video" }).results);
    expect(nothing).toMatchObject({
      verdict: "fail",
      reason: "limit",
      limit: { in: ["mp4", "mov"] },
      detail: {},
    });
    expect(nothing).not.toHaveProperty("damage");
    const empty = evaluated(
      evidenceOf(null, { bytes: 0, damage: [{ code: "cut-short" }, { code: "empty" }] }),
    );
    expect(of("file/format", empty.results)).toMatchObject({ limit: null, damage: { code: "empty" } });
    expect(empty.type).toBeNull();
    const unread = of("file/format", evaluated(evidenceOf(null, { unread: ["format"] })).results);
    expect(unread).toMatchObject({ verdict: "unsure", reason: "unread", unread: { fact: "format" } });
    const known = of("file/format", evaluated(evidenceOf("pdf", { unread: ["all"] })).results);
    expect(known).toMatchObject({ verdict: "fail", detail: { label: "PDF document" } });
  });
  test("certain damage is reported without suspected damage; suspected damage only if none is certain", () => {
    const damage = [
      { code: "cut-short", part: "mdat" },
      { code: "malformed", part: "stco", certain: false },
      { code: "no-index", part: "moov" },
    ] as const;
    const found = evaluated(evidenceOf("mp4", { damage: [...damage] })).results.filter(
      (j) => j.subject === "integrity",
    );
    expect(found.map((j) => [j.verdict, j.reason, j.actual, j.damage?.part])).toEqual([
      ["fail", "damaged", "cut-short", "mdat"],
      ["fail", "damaged", "no-index", "moov"],
    ]);
    const suspected = evaluated(evidenceOf("mp4", { damage: [damage[1]] })).results;
    expect(of("video/integrity", suspected)).toMatchObject({
      verdict: "unsure",
      reason: "damaged",
      actual: "malformed",
    });
  });
  test("unread integrity is unsure, and is left out for a refused format", () => {
    const found = (format: Format, unread: Made["unread"] = []) =>
      of(`${evidenceOf(format).kind}/integrity`, evaluated(evidenceOf(format, { unread })).results);
    expect(found("mp4")).toMatchObject({ verdict: "pass" });
    expect(found("mp4", ["truncated"])).toMatchObject({
      verdict: "unsure",
      reason: "unread",
      unread: { fact: "truncated" },
    });
    expect(found("mp4", ["width"])?.verdict).toBe("pass");
    expect(found("webm")).toBeUndefined();
    expect(found("webm", ["all"])).toBeUndefined();
  });
  test("a refused file has no notes", () => {
    const list = evaluated(evidenceOf("webm", { videoCodec: "av1", durations: [99] })).results;
    expect(list.filter((j) => j.verdict !== "pass").map((j) => j.rule)).toEqual([
      "video/format",
      "video/duration",
    ]);
  });
  test("a file name of another format gets a note with the right extension", () => {
    const note = of("image/extension", evaluated(evidenceOf("jpeg"), { name: "a.b.PNG" }).results);
    expect(note).toMatchObject({
      verdict: "note",
      actual: "png",
      limit: { in: expect.arrayContaining(["jpg", "jpeg"]) },
      detail: { label: "JPEG image", kind: "image", extension: "png" },
    });
    expect(note?.detail?.wanted).toBe((note?.limit?.in ?? [])[0]);
    const own = { jpeg: { extensions: ["jpg"] }, odd: { extensions: ["xyz"] } } as never;
    expect(
      of("image/extension", evaluated(evidenceOf("jpeg"), { name: "a.xyz", formats: own }).results)?.actual,
    ).toBe("xyz");
    expect(of("image/extension", evaluated(evidenceOf("jpeg"), { name: "a.xyz" }).results)).toBeUndefined();
    expect(of("image/extension", evaluated(evidenceOf("jpeg"), { name: null }).results)).toBeUndefined();
  });
  test("a failed cross-check is the last note, with its reason", () => {
    const evidence = evidenceOf("mp4", { videoCodec: "av1" });
    evidence.crossCheckNotes.push({ crossCheck: "mediainfo", why: "it ran out of time" });
    const { results: list, verdict } = evaluated(evidence);
    expect(list.at(-1)).toMatchObject({
      rule: "video/cross-check",
      verdict: "note",
      actual: "mediainfo",
      detail: { crossCheck: "mediainfo", why: "it ran out of time" },
    });
    expect(verdict).toBe("pass");
    expect(list.findIndex((j) => j.verdict === "note")).toBe(list.filter((j) => j.verdict !== "note").length);
  });
});
