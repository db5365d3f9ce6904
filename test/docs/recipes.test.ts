import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadMessages, preflight, type Report } from "../../src/index.ts";
import { blocks } from "./blocks.ts";

/*
 * The recipes of the README and of rules/README.md, followed step by step: in a copy of the sources where they edit
 * files, and through the public names where they don't.
 */

const root = new URL("../../", import.meta.url).pathname;
const fixture = (name: string): string => join(root, "fixtures", name);
let copy = "";

beforeAll(() => {
  // Inside the repository, so that its node_modules are found.
  mkdirSync(join(root, ".tmp"), { recursive: true });
  copy = mkdtempSync(join(root, ".tmp/recipes-"));
  for (const part of ["src", "rules", "wasm", "package.json", "tsconfig.json"])
    cpSync(join(root, part), join(copy, part), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function insert(file: string, before: string, line: string): void {
  const text = readFileSync(join(copy, file), "utf8");
  expect(text, `${file} has no ${before}`).toContain(before);
  writeFileSync(join(copy, file), text.replace(before, `${line}\n${before}`));
}

function check(args: string[]): { status: number | null; reports: Report[]; stderr: string } {
  const command = ["src/cli/media-preflight.ts", "check", "--no-config", "--format", "ndjson", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: copy, encoding: "utf8" });
  const reports = stdout.split("\n").filter((line) => line !== "");
  return { status, stderr, reports: reports.map((line) => JSON.parse(line) as Report) };
}

describe("a table for another service", () => {
  const table = JSON.parse(blocks().find(({ name }) => name === "reels.json")?.text ?? "null");

  test("the documented example passes and refuses the right files, without a change in src/", () => {
    writeFileSync(join(copy, "reels.json"), JSON.stringify(table));
    const files = ["video/duration-1.9s.mp4", "video/rate-61.mp4", "audio/mp3-stereo-3s.mp3"].map(fixture);
    const { status, reports } = check(["--rules", "reels.json", ...files]);
    expect(status).toBe(1);
    expect(reports.map(({ rules }) => rules)).toEqual(["my-reels", "my-reels", "my-reels"]);
    const broken = reports.map((r) => r.findings.filter((f) => f.verdict === "fail").map((f) => f.rule));
    expect(broken[0]).toEqual(expect.arrayContaining(["video/duration", "video/aspect-ratio"]));
    expect(broken[1]).toEqual(expect.arrayContaining(["video/frame-rate"]));
    expect(broken[2]?.length).toBeGreaterThan(0);
  });

  test("a clip made for it passes", async () => {
    const square = {
      ...table,
      types: { video: { ...table.types.video, aspectRatio: { ratios: ["854:480"], tolerance: 0.01 } } },
    };
    expect((await preflight(fixture("video/mp4-h264-aac.mp4"), { rules: square })).verdict).toBe("pass");
    expect((await preflight(fixture("video/mp4-h264-aac.mp4"), { rules: table })).verdict).toBe("fail");
  });

  test("the example tables are valid, and can be used by path", () => {
    const file = fixture("video/pixels-1920x1080.mp4");
    for (const [example, rule] of [
      ["kling", "video/duration"],
      ["instagram-reels", "video/duration"],
    ]) {
      const { status, reports } = check(["--rules", `rules/examples/${example}.json`, file]);
      expect([status, reports[0]?.rules]).toEqual([1, `${example}-example`]);
      expect(reports[0]?.findings.map((f) => f.rule)).toContain(rule);
      expect(reports[0]?.findings.map((f) => f.rule)).not.toContain("video/pixels");
    }
  });

  test("a mistake is reported with its path", () => {
    const types = { video: { ...table.types.video, duration: { mni: 3, unit: "px" } } };
    writeFileSync(join(copy, "bad.json"), JSON.stringify({ ...table, types }));
    const { status, stderr } = check(["--rules", "bad.json", fixture("video/rate-24.mp4")]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/types\.video\.duration\.mni: unknown key; did you mean min\?/);
    expect(stderr).toContain("types.video.duration.unit");
  });
});

test("a format that is refused by name needs a row and a signature", () => {
  insert("src/facts/formats.ts", "  avif: row(", '  zoo: row("image", "image/x-zoo", "Zoo picture", "zoo"),');
  const file = "src/facts/sniff/other-signatures.ts";
  const text = readFileSync(join(copy, file), "utf8");
  writeFileSync(
    join(copy, file),
    text.replace(/(: readonly Signatures\[\] = \[\n)/, '$1  ["zoo", "ZOO1"],\n'),
  );
  writeFileSync(join(copy, "picture.png"), "ZOO1 and what follows");
  const { status, reports, stderr } = check(["picture.png"]);
  expect([status, stderr]).toEqual([1, ""]);
  expect(reports[0]?.findings[0]).toMatchObject({ rule: "image/format", verdict: "fail" });
  expect(reports[0]?.findings[0]?.message).toContain("Zoo picture");
});

test("a rule needs a row in a table", () => {
  const path = join(copy, "rules/atlas-seedance-2.0.json");
  const table = JSON.parse(readFileSync(path, "utf8"));
  table.types.audio.channels = { max: 1, source: "https://example.com", checked: "2026-11-22" };
  writeFileSync(path, JSON.stringify(table));
  const { status, reports } = check([fixture("audio/mp3-stereo-3s.mp3")]);
  expect([status, reports[0]?.findings.map((f) => f.rule)]).toEqual([1, ["audio/channels"]]);
});

test("a locale needs a file and a line, and the compiler reports missing keys", async () => {
  const words = { ...(await loadMessages("en")), max: "{value} : plus de {bound}{whole}" };
  const file = `import type { Messages } from "./en.ts";\nexport const fr: Messages = ${JSON.stringify(words)};\n`;
  writeFileSync(join(copy, "src/report/messages/fr.ts"), file);
  insert(
    "src/report/messages/locales.ts",
    '  "zh-CN":',
    '  fr: async (): Promise<Messages> => (await import("./fr.ts")).fr,',
  );
  const program = `import { preflight } from "./src/index.ts";
const report = await preflight(${JSON.stringify(fixture("video/pixels-1920x1080.mp4"))}, { locale: "fr" });
console.log(report.findings[0].message);`;
  writeFileSync(join(copy, "say.mts"), program);
  const said = execFileSync(process.execPath, ["say.mts"], { cwd: copy, encoding: "utf8" });
  expect(said).toContain("plus de 927,408");
  writeFileSync(join(copy, "src/report/messages/fr.ts"), file.replace('"max":', '"maxx":'));
  // The table of locales and what it imports: the whole project takes several times as long.
  const project = { extends: "./tsconfig.json", files: ["src/report/messages/locales.ts"], include: [] };
  writeFileSync(join(copy, "tsconfig.locales.json"), JSON.stringify(project));
  const tsc = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", "tsconfig.locales.json", "--noEmit"], {
    cwd: copy,
    encoding: "utf8",
  });
  expect(tsc.stdout).toMatch(/fr\.ts.*/);
  expect(tsc.stdout).toMatch(/maxx|'max'|"max"/);
});

test("a user's locale needs no file", async () => {
  const locale = { ...(await loadMessages("en")), max: "{value} is too much" };
  const report = await preflight(fixture("video/pixels-1920x1080.mp4"), { locale });
  expect(report.findings[0]?.message).toContain("is too much");
});
