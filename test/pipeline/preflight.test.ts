import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { preflight as inBrowser } from "../../src/browser.ts";
import type { ByteSource } from "../../src/bytes/source.ts";
import { inspect, mediaSchema, preflight } from "../../src/index.ts";

/* From input to report, on real files: every kind of input, what is closed, what is an error and what is not. */

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
  test("what is no input, no file, a directory is a coded error", async () => {
    await expect(preflight(42 as never)).rejects.toThrow(coded("usage"));
    await expect(preflight(null as never)).rejects.toThrow(coded("usage"));
    await expect(preflight("/no/such/file.mp4")).rejects.toThrow(coded("not-found"));
    await expect(preflight(fixture("").pathname)).rejects.toThrow(coded("unreadable"));
    await expect(preflight(new URL("ftp://example.com/a.mp4"))).rejects.toThrow(coded("usage"));
  });
  test("a data: URL is judged as the address that it is, not looked for among the files", async () => {
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

  test("any bytes get a report, none included", async () => {
    expect((await preflight(new Uint8Array())).findings.map((f) => f.rule)).toEqual(["file/format"]);
    expect((await preflight(new Uint8Array(), { type: "video" })).findings.map((f) => f.rule)).toEqual([
      "video/format",
    ]);
    expect(await preflight(crypto.getRandomValues(new Uint8Array(5000)))).toMatchObject({ verdict: "fail" });
  });
});

describe("options", () => {
  test("a name, a type, a table, a language, all findings", async () => {
    expect((await preflight(bytes, { name: "x.png" })).findings.map((f) => f.rule)).toEqual([
      "image/extension",
    ]);
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
  });
  test("a misspelt option is said, not taken for its default", async () => {
    for (const option of [{ type: "film" }, { limits: "seen" }, { witness: "no" }])
      await expect(preflight(bytes, option as never)).rejects.toThrow(coded("usage"));
  });
  test("a bad table is refused before the file is touched", async () => {
    await expect(preflight("/no/such/file", { rules: { id: "x" } })).rejects.toThrow(coded("bad-table"));
    await expect(preflight(bytes, { rules: "no-such-table" })).rejects.toThrow(coded("usage"));
  });
  test("a budget too small to read anything never passes", async () => {
    const report = await preflight(bytes, { budgets: { bytes: 1 }, witness: "never" });
    expect(report.verdict).toBe("unsure");
    expect(report.findings.every((f) => f.reason === "unread")).toBe(true);
  });
});

describe("the source", () => {
  const source = (more: Partial<ByteSource> = {}): ByteSource & { closed: number } => {
    const made = {
      size: bytes.length,
      name: "own.jpg",
      grain: 64,
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
});

describe("as a Standard Schema", () => {
  test("what passes comes out as it went in; what does not has an issue each", async () => {
    const schema = mediaSchema({ type: "image" })["~standard"];
    expect([schema.version, schema.vendor]).toEqual([1, "media-preflight"]);
    const blob = new Blob([bytes]);
    expect(await schema.validate(blob)).toEqual({ value: blob });
    const { issues } = await schema.validate(new Blob([readFileSync(narrow)]));
    expect(issues).toEqual([
      { message: expect.stringMatching(/^299 px wide, under 300 .*: scale to \d+×\d+$/) },
    ]);
  });
  test("a form sent without a file has an issue, and nothing is thrown", async () => {
    const { validate } = mediaSchema({ type: "image" })["~standard"];
    for (const value of [null, undefined, "", 7, {}, "/no/such/file.jpg"])
      expect((await validate(value)).issues).toEqual([{ message: expect.stringMatching(/\w/) }]);
  });
});
