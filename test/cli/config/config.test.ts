import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { startEmulator } from "../../../src/emulator/index.ts";
import type { Report } from "../../../src/report/report.ts";
import { newRepository, type Repository } from "../repository.ts";
import { ran, scratch } from "../run.ts";

/* media-preflight.config.json is data, is not searched above the repository, and cannot make push send a file. */

const { path: home, remove } = scratch("config");
afterAll(remove);

let repo: Repository;
beforeEach(() => {
  repo = newRepository(home);
});

const config = (value: object, file = "media-preflight.config.json"): void =>
  repo.write(file, JSON.stringify(value));
const check = async (...args: string[]) => {
  const { code, out, err } = await ran(["check", "--format", "json", ...args], { cwd: repo.path });
  return { code, err, reports: out.startsWith("[") ? (JSON.parse(out) as Report[]) : [], out };
};

describe("location", () => {
  test("is searched up to the repository's root, not above", async () => {
    writeFileSync(join(home, "media-preflight.config.json"), '{ "limits": "observed" }');
    mkdirSync(join(repo.path, "a/b"), { recursive: true });
    repo.put("video/pixels-1920x1080.mp4", "a/b/clip.mp4");
    const cwd = join(repo.path, "a/b");
    expect((await ran(["check", "clip.mp4"], { cwd })).code).toBe(1);
    config({ limits: "observed" });
    expect((await ran(["check", "clip.mp4"], { cwd })).code).toBe(0);
    expect((await ran(["check", "--no-config", "clip.mp4"], { cwd })).code).toBe(1);
    expect((await ran(["check", "--limits", "documented", "clip.mp4"], { cwd })).code).toBe(1);
  });
  test("may be a key of package.json; --print-config prints which file applies", async () => {
    repo.write("package.json", JSON.stringify({ "media-preflight": { strict: true } }));
    const { out } = await ran(["check", "--print-config"], { cwd: repo.path });
    expect(JSON.parse(out)).toEqual({ from: "package.json (media-preflight)", config: { strict: true } });
    config({ limits: "observed" });
    expect(JSON.parse((await ran(["check", "--print-config"], { cwd: repo.path })).out).from).toBe(
      "media-preflight.config.json",
    );
  });
  test("--staged reads it, its table and its baseline from the index", async () => {
    repo.put("video/pixels-1920x1080.mp4", "clip.mp4");
    const table = JSON.parse(
      readFileSync(new URL("../../../rules/atlas-seedance-2.0.json", import.meta.url), "utf8"),
    );
    delete table.$schema;
    repo.write(
      "tables/mine.json",
      JSON.stringify({ ...table, id: "mine", types: { video: { width: { max: 4000, unit: "px" } } } }),
    );
    config({ rules: "tables/mine.json" });
    repo.git("add", ".");
    // In the work tree both are worthless.
    config({ rules: "no-such.json" });
    repo.write("tables/mine.json", "{}");
    const { code, reports, err } = await check("--staged");
    expect({ code, rules: reports[0]?.rules, err }).toEqual({ code: 0, rules: "mine", err: "" });
  });
});

describe("configuration errors are one line", () => {
  test.each([
    [{ limit: "observed" }, "limit: unknown key; did you mean limits?"],
    [
      { files: [{ match: "*.mp4", type: "movie" }] },
      'files.0.type: "movie" is not ("image" | "video" | "audio")',
    ],
    [{ accept: [{ rule: "video/pixels", reason: "old" }] }, "accept.0.until: missing"],
    [{ apiKey: "sk-secret" }, "apiKey: keys and base URLs come from the environment only, never from a file"],
    [
      { consoleBaseUrl: "https://x.example" },
      "consoleBaseUrl: keys and base URLs come from the environment only",
    ],
    [[], "configuration:"],
  ])("%j", async (value, message) => {
    config(value);
    const { code, err, out } = await check("x.mp4");
    expect(code).toBe(2);
    expect(err.startsWith("media-preflight: media-preflight.config.json: ")).toBe(true);
    expect(err).toContain(message);
    expect(err.match(/\n/g)).toHaveLength(1);
    expect(err).not.toContain("sk-secret");
    expect(out).toBe("");
  });
  test("invalid JSON, and an invalid table with the path of the mistake", async () => {
    repo.write("media-preflight.config.json", "{ limits: 1 }");
    expect(await check("x.mp4")).toMatchObject({ code: 2, out: "" });
    config({ rules: "tables/mine.json" });
    repo.write(
      "tables/mine.json",
      JSON.stringify({ id: "mine", types: { video: { duration: { maxx: 3 } } } }),
    );
    const { code, err, out } = await check("x.mp4");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(
      /^media-preflight: [^\n]*tables\/mine\.json: [^\n]*types\.video\.duration\.maxx: unknown key; did you mean max\?[^\n]*\n$/,
    );
  });
});

describe("files and ignore in a configuration", () => {
  test("apply to files given as arguments; --verbose reports them", async () => {
    config({
      ignore: ["icons/**", "logo.jpg"],
      files: [
        { match: "stills/**", type: "image" },
        { match: "clips/**", limits: "observed" },
      ],
    });
    repo.put("image/jpeg-299x300.jpg", "icons/a.jpg");
    repo.put("image/jpeg-299x300.jpg", "deep/logo.jpg");
    repo.put("image/jpeg-299x300.jpg", "other/b.jpg");
    repo.put("video/mp4-h264-aac.mp4", "stills/c.mp4");
    repo.put("video/pixels-1920x1080.mp4", "clips/d.mp4");
    const { reports, code, err } = await check("--verbose", ".", "icons/a.jpg");
    expect(reports.map((r) => [r.file, r.verdict])).toEqual([
      ["clips/d.mp4", "pass"],
      ["stills/c.mp4", "fail"],
    ]);
    expect(reports[1]?.findings.filter((f) => f.verdict === "fail").map((f) => f.rule)).toEqual([
      "image/type",
      "image/format",
    ]);
    expect(code).toBe(1);
    expect(err).toContain("media-preflight: icons/a.jpg: ignored by media-preflight.config.json\n");
    expect((await check("icons/a.jpg")).err).toBe("");
  });
});

describe("accepted findings", () => {
  const accept = (until: string) => ({
    accept: [{ rule: "image/width", match: "old/**", reason: "before the rule", until }],
  });
  beforeEach(() => {
    repo.put("image/jpeg-299x300.jpg", "old/a.jpg");
    repo.put("image/jpeg-299x300.jpg", "new/a.jpg");
  });
  test("change the exit status and are marked on the finding, not the verdict", async () => {
    config(accept("2999-12-31"));
    const { reports, code } = await check("old/a.jpg");
    expect(code).toBe(0);
    expect(reports[0]?.verdict).toBe("fail");
    expect(reports[0]?.findings.find((f) => f.rule === "image/width")?.accepted).toEqual({
      by: "config",
      reason: "before the rule",
      until: "2999-12-31",
    });
    expect((await check("new/a.jpg")).code).toBe(1);
  });
  test("an expired acceptance no longer applies, and is reported", async () => {
    config(accept("2020-01-01"));
    const { code, err, reports } = await check("old/a.jpg");
    expect(code).toBe(1);
    expect(err).toBe(
      "media-preflight: old/a.jpg: the acceptance of image/width expired on 2020-01-01 (before the rule)\n",
    );
    expect(reports[0]?.findings.some((f) => f.accepted)).toBe(false);
  });
  test("a baseline accepts existing failures; a new one still fails", async () => {
    config({ baseline: "media-preflight.baseline.json" });
    const made = await ran(["check", "--write-baseline", "."], { cwd: repo.path });
    expect(made.err).toContain("2 findings recorded");
    const { code, reports } = await check(".");
    expect(code).toBe(0);
    expect(reports.flatMap((r) => r.findings).filter((f) => f.accepted?.by === "baseline")).toHaveLength(2);
    repo.put("image/jpeg-299x300.jpg", "new/b.jpg");
    expect((await check(".")).code).toBe(1);
  });
  test("do not let push send the file", async () => {
    config({ ...accept("2999-12-31"), baseline: "media-preflight.baseline.json" });
    await ran(["check", "--write-baseline", "."], { cwd: repo.path });
    const emulator = await startEmulator({});
    const before = { ...process.env };
    Object.assign(process.env, {
      ATLASCLOUD_API_KEY: "test",
      ATLASCLOUD_API_BASE_URL: emulator.apiBaseUrl,
      ATLASCLOUD_CONSOLE_BASE_URL: emulator.consoleBaseUrl,
    });
    try {
      const { code, out } = await ran(["push", "old", "new", "--format", "ndjson"], {
        cwd: repo.path,
        env: process.env as Record<string, string>,
      });
      expect(code).toBe(1);
      expect(
        out
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line))
          .filter((line) => "verdict" in line)
          .map((line) => line.asset),
      ).toEqual([null, null]);
      expect(emulator.requests).toEqual([]);
    } finally {
      process.env = before;
      await emulator.close();
    }
  });
});
