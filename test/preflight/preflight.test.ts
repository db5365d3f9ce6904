import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { preflight as inBrowser, inspect as inspectInBrowser } from "../../src/browser.ts";
import type { ByteSource } from "../../src/bytes/source.ts";
import { bundledParsers } from "../../src/facts/bundled-parsers.ts";
import { noFacts } from "../../src/facts/facts.ts";
import { inspect, mediaSchema, preflight } from "../../src/index.ts";
import { createPreflight } from "../../src/preflight/preflight.ts";
import { loadTable } from "../../src/rules/load.ts";

/* From input to report, on real files: every kind of input, closing of sources, errors. */

const fixture = (name: string): URL => new URL(`../../fixtures/${name}`, import.meta.url);
const picture = fixture("image/jpeg-640x480.jpg");
const narrow = fixture("image/jpeg-299x300.jpg");
const bytes = new Uint8Array(readFileSync(picture));
const coded = (code: string) => expect.objectContaining({ code });

describe("input", () => {
  test("a path, a file: URL, bytes, an ArrayBuffer, a Blob, a File", async () => {
    const report = await preflight(picture);
    expect(report).toMatchObject({ file: "jpeg-640x480.jpg", verdict: "pass", type: "image" });
    // A path is reported as it was given.
    expect(await preflight(picture.pathname)).toEqual({ ...report, file: picture.pathname });
    const nameless = { ...report, file: null };
    expect(await preflight(bytes)).toEqual(nameless);
    expect(await preflight(bytes.buffer)).toEqual(nameless);
    expect(await preflight(new Blob([bytes]))).toEqual(nameless);
    expect(await preflight(new File([bytes], "jpeg-640x480.jpg"))).toEqual(report);
    expect(await inBrowser(new File([bytes], "jpeg-640x480.jpg"))).toEqual(report);
  });
  test.each([
    [42, "a number cannot be checked"],
    [undefined, "undefined cannot be checked"],
    [null, "null cannot be checked"],
    [{}, "this object cannot be checked"],
    [new URL("ftp://example.com/a.mp4"), "ftp: URLs cannot be read: ftp://example.com/a.mp4"],
  ])("%s is refused as an input", async (given, message) => {
    await expect(preflight(given as never)).rejects.toMatchObject({
      code: "usage",
      message,
      hint:
        given instanceof URL
          ? "give a public http(s) URL, or download the file and give that"
          : "give a path, a URL, a Blob, bytes, a stream or a Response",
    });
    if (given instanceof URL) return;
    await expect(inBrowser(given as never)).rejects.toMatchObject({
      code: "usage",
      message,
      hint: "give a File, a Blob, bytes, a URL, a stream or a Response",
    });
  });
  test("no file and a directory are coded errors", async () => {
    await expect(preflight("/no/such/file.mp4")).rejects.toThrow(coded("not-found"));
    await expect(preflight(fixture("").pathname)).rejects.toThrow(coded("unreadable"));
  });
  test("an http URL is fetched, given as text or as a URL object, in Node.js and in a page", async () => {
    for (const address of ["http://127.0.0.1:9/x.jpg", "HTTPS://127.0.0.1:9/x.jpg"])
      for (const evaluate of [preflight, inBrowser])
        for (const given of [address, new URL(address)])
          expect((await evaluate(given)).findings.map(({ rule }) => rule)).toEqual(["url/private-address"]);
  });
  test("a path that contains the start of a URL is a path", async () => {
    const directory = mkdtempSync(join(tmpdir(), "preflight-"));
    mkdirSync(join(directory, "http:"));
    const paths = [`${directory}/http://x.jpg`, `${directory}/data:x.jpg`];
    for (const path of paths) {
      cpSync(picture, path);
      expect(await preflight(path)).toMatchObject({ file: path, verdict: "pass" });
    }
    rmSync(directory, { recursive: true });
  });
  test("a data: URL is checked as a URL, not looked up as a file", async () => {
    const address = "data:image/png;base64,AAAA";
    for (const given of [address, address.replace("data", "DATA"), new URL(address)]) {
      const { file, verdict, findings } = await preflight(given);
      expect([file, verdict, findings.map(({ rule }) => rule)]).toEqual([
        "data:image/png,…",
        "fail",
        ["url/data"],
      ]);
    }
  });

  test("any bytes get a report, even none", async () => {
    expect((await preflight(new Uint8Array())).findings.map((f) => f.rule)).toEqual(["file/format"]);
    expect((await preflight(new Uint8Array(), { type: "video" })).findings.map((f) => f.rule)).toEqual([
      "video/format",
    ]);
    expect(await preflight(crypto.getRandomValues(new Uint8Array(5000)))).toMatchObject({ verdict: "fail" });
  });
});

describe("options", () => {
  test("a name, a type, a table, a language, all findings", async () => {
    for (const evaluate of [preflight, inBrowser])
      expect(await evaluate(bytes, { name: "x.png" })).toMatchObject({
        file: "x.png",
        findings: [
          { rule: "image/extension", message: "the format is JPEG image, but the name ends in .png" },
        ],
      });
    expect((await preflight(picture, { name: null })).file).toBeNull();
    expect((await preflight(picture.pathname, { name: "other.jpg" })).file).toBe("other.jpg");
    expect((await preflight(bytes, { type: "video" })).findings.map((f) => f.rule)).toEqual([
      "video/type",
      "video/format",
    ]);
    const rules = {
      id: "tiny",
      title: "t",
      source: "s",
      checked: "2026-11",
      types: { image: { width: { max: 10 } } },
    };
    const tiny = await preflight(bytes, { rules });
    expect([tiny.rules, ...tiny.findings.map((f) => f.rule)]).toEqual(["tiny", "image/width"]);
    expect((await preflight(narrow, { locale: "zh-CN" })).findings[0]?.message).toContain("宽 299 像素");
    const all = await preflight(bytes, { findings: "all" });
    expect(all.findings.map((f) => f.rule)).toContain("image/aspect-ratio");
    expect(all.findings.every((f) => f.verdict === "pass")).toBe(true);
  });
  test.each([
    ["x.avi", ["image/extension"]],
    ["x.JPEG", []],
    ["x", []],
    ["x.unknown", []],
  ])("a JPEG named %s is detected by its bytes", async (name, rules) => {
    expect((await preflight(bytes, { name })).findings.map(({ rule }) => rule)).toEqual(rules);
  });
  test("a cross-check runs if something is unusual, always, or never", async () => {
    const asked = async (name: string, crossCheck?: "auto" | "always" | "never"): Promise<boolean> =>
      (await inspect(fixture(name), { crossCheck })).readings.durations.some(
        ({ from }) => from === "mediainfo",
      );
    const [odd, plain] = ["video/mvhd-claims-20s.mp4", "video/mp4-h264-aac.mp4"];
    const found = [odd, plain].map((name) =>
      Promise.all(
        [undefined, "auto" as const, "always" as const, "never" as const].map((w) => asked(name, w)),
      ),
    );
    expect(await Promise.all(found)).toEqual([
      [true, true, true, false],
      [false, false, true, false],
    ]);
  });
  test("limits and strictness", async () => {
    const edge = fixture("image/jpeg-300x300.jpg");
    expect(await preflight(edge)).toMatchObject({ verdict: "pass", limits: "documented" });
    expect(await preflight(edge, { strict: true })).toMatchObject({ verdict: "unsure" });
    expect(await preflight(edge, { limits: "observed" })).toMatchObject({
      verdict: "pass",
      limits: "observed",
      findings: [],
    });
    const accepted = await preflight(edge, { strict: true, acceptUnsure: ["image/width"] });
    expect(accepted.findings.map((f) => f.accepted?.by ?? null)).toEqual(["option", null]);
    const { findings } = await preflight(edge, { strict: true });
    expect(findings.filter(({ accepted }) => accepted)).toEqual([]);
  });
  test("a misspelt option is an error, not ignored", async () => {
    for (const [option, words] of [
      ["type", ["image", "video", "audio"]],
      ["limits", ["documented", "observed"]],
      ["crossCheck", ["auto", "always", "never"]],
    ] as const) {
      await expect(preflight(bytes, { [option]: "other" })).rejects.toMatchObject({
        code: "usage",
        message: `${option} is one of ${words.join(", ")}`,
      });
      for (const word of [...words, null, undefined])
        expect(await preflight(bytes, { [option]: word })).toMatchObject({ schemaVersion: 1 });
    }
  });
  test("a bad table is refused before the file is touched", async () => {
    await expect(preflight("/no/such/file", { rules: { id: "x" } })).rejects.toThrow(coded("bad-table"));
    await expect(preflight(bytes, { rules: "no-such-table" })).rejects.toThrow(coded("usage"));
  });
  test("a budget too small to read anything never passes", async () => {
    const report = await preflight(bytes, { budgets: { bytes: 1 }, crossCheck: "never" });
    expect(report.verdict).toBe("unsure");
    expect(report.findings.every((f) => f.reason === "unread")).toBe(true);
  });
});

describe("the source", () => {
  const source = (more: Partial<ByteSource> = {}): ByteSource & { closed: number } => {
    const made = {
      size: bytes.length,
      name: "own.jpg",
      minReadSize: 64,
      closed: 0,
      read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
      close() {
        made.closed++;
      },
      ...more,
    };
    return made;
  };
  test("is closed after success, after a failure and after a stop", async () => {
    const good = source();
    await preflight(good as never);
    expect(good.closed).toBe(1);
    const broken = source({ read: () => Promise.reject(new Error("gone")) });
    await expect(preflight(broken as never)).rejects.toThrow("gone");
    expect(broken.closed).toBe(1);
    const stopped = source();
    await expect(preflight(stopped as never, { signal: AbortSignal.abort() })).rejects.toThrow(
      coded("aborted"),
    );
    expect(stopped.closed).toBe(1);
  });
  test("is closed before the report is returned, however long closing takes", async () => {
    let closed = false;
    const slow = source({
      close: () =>
        new Promise<void>((resolve) =>
          setTimeout(() => {
            closed = true;
            resolve();
          }),
        ),
    });
    await preflight(slow as never);
    expect(closed).toBe(true);
  });
  test("that a URL did not provide, without a finding that explains it, never passes", async () => {
    const nothing = createPreflight<string>({
      open: (input) => ({ source: null, shown: input, findings: [] }),
      loadTable,
      parsers: bundledParsers,
      decode: async () => {},
      crossCheck: () => async () => {},
    });
    expect(await nothing.preflight("x", { type: "video" })).toMatchObject({
      file: "x",
      type: "video",
      verdict: "unsure",
      facts: noFacts,
    });
    await expect(nothing.inspect("x")).rejects.toMatchObject({
      code: "url-refused",
      message: "the URL gives no bytes",
      hint: null,
    });
  });
});

describe("inspect", () => {
  test("gives facts and readings, and no verdict", async () => {
    const found = await inspect(picture);
    expect(found).toMatchObject({
      file: "jpeg-640x480.jpg",
      facts: { width: 640, height: 480 },
      damage: [],
      unread: [],
    });
    expect(found.readings.sizes[0]).toMatchObject({ width: 640, height: 480 });
    expect(found).not.toHaveProperty("verdict");
  });
  test("of a refused URL is an error with the reason", async () => {
    for (const look of [inspect, inspectInBrowser])
      await expect(look("https://drive.google.com/file/d/1/view")).rejects.toMatchObject({
        code: "url-refused",
        message: "a Google Drive share link opens a page, not the file",
        hint: expect.stringMatching(/^upload the file itself/),
      });
  });
});

describe("as a Standard Schema", () => {
  test("returns a file that passes unchanged, and an issue for each finding otherwise", async () => {
    const schema = mediaSchema({ type: "image" })["~standard"];
    expect([schema.version, schema.vendor]).toEqual([1, "media-preflight"]);
    const blob = new Blob([bytes]);
    expect(await schema.validate(blob)).toEqual({ value: blob });
    const { issues } = await schema.validate(new Blob([readFileSync(narrow)]));
    expect(issues).toEqual([
      { message: expect.stringMatching(/^299 px wide, under 300 px .* → scale to \d+×\d+$/) },
    ]);
  });
  test("a form without a file has an issue, and does not throw", async () => {
    const { validate } = mediaSchema({ type: "image" })["~standard"];
    for (const value of [null, undefined, "", 7, {}, "/no/such/file.jpg"])
      expect((await validate(value)).issues).toEqual([{ message: expect.stringMatching(/\w/) }]);
  });
  test("an unsure file has an issue, unless it is accepted", async () => {
    const edge = new Blob([readFileSync(fixture("image/jpeg-300x300.jpg"))]);
    const of = async (acceptUnsure: boolean): Promise<number | undefined> =>
      (await mediaSchema({ strict: true, acceptUnsure })["~standard"].validate(edge)).issues?.length;
    expect([await of(false), await of(true)]).toEqual([2, undefined]);
  });
  test("a file that cannot be read has an issue; a programming error is thrown", async () => {
    const { validate } = mediaSchema()["~standard"];
    expect((await validate(fixture("").pathname)).issues).toHaveLength(1);
    const broken = {
      size: 9,
      name: null,
      minReadSize: 64,
      read: () => Promise.reject(new TypeError("gone")),
    };
    await expect(validate(broken)).rejects.toThrow("gone");
    await expect(mediaSchema({ rules: { id: "x" } })["~standard"].validate(bytes)).rejects.toThrow(
      coded("bad-table"),
    );
  });
});
