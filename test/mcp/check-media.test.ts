import { execFileSync } from "node:child_process";
import { cpSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixture, scratch } from "../cli/run.ts";
import { connect, errorsOf, type Session, textOf } from "./session.ts";

/* check_media: reports of what may be read, errors for everything else. */

const { path: home, remove } = scratch("mcp-check");
const folder = join(home, "media");
let session: Session;

beforeAll(async () => {
  mkdirSync(join(folder, "shots"), { recursive: true });
  cpSync(fixture("image/jpeg-640x480.jpg"), join(folder, "good.jpg"));
  cpSync(fixture("video/pixels-1920x1080.mp4"), join(folder, "shots/wide.mp4"));
  cpSync(fixture("image/jpeg-640x480.jpg"), join(home, "outside.jpg"));
  session = await connect({ cwd: folder });
});
afterAll(async () => {
  await session.close();
  remove();
});

const check = (args: Record<string, unknown>) => session.call("check_media", args);

test("it returns the report of each file, and the same as text", async () => {
  const result = await check({ paths: ["good.jpg", join(folder, "shots/wide.mp4")] });
  expect(result.isError).toBeFalsy();
  expect(result.structuredContent).toMatchObject({
    reports: [
      { file: "good.jpg", verdict: "pass", ok: true },
      {
        file: join(folder, "shots/wide.mp4"),
        verdict: "fail",
        ok: false,
        findings: [{ rule: "video/pixels", hint: expect.stringContaining("1280×720") }],
      },
    ],
  });
  expect(textOf(result)).toMatch(/✓ good\.jpg[\s\S]*✗ .*wide\.mp4[\s\S]*video\/pixels.*1280×720/);
});

test("type and rules change how files are checkOptions; a table file is read in the allowed folder only", async () => {
  const table = join(fixture(".."), "rules/atlas-seedance-2.5.json");
  cpSync(table, join(folder, "mine.json"));
  for (const rules of ["atlas-seedance-2.5", "mine.json"])
    expect((await check({ paths: ["shots/wide.mp4"], rules })).structuredContent).toMatchObject({
      reports: [{ rules: "atlas-seedance-2.5", verdict: "pass" }],
    });
  const wrong = await check({ paths: ["good.jpg"], type: "video" });
  expect(wrong.structuredContent).toMatchObject({ reports: [{ verdict: "fail", type: "video" }] });
  expect(errorsOf(await check({ paths: ["good.jpg"], rules: table }))).toMatchObject([
    { code: "path-refused" },
  ]);
  writeFileSync(join(folder, "notes.json"), "the secret word is plugh");
  const broken = await check({ paths: ["good.jpg"], rules: "notes.json" });
  expect(errorsOf(broken)).toMatchObject([{ code: "bad-table", path: "notes.json" }]);
  expect(JSON.stringify(broken)).not.toContain("secret");
});

describe("a path that leads out of the allowed folder is refused, whether or not there is such a file", () => {
  const outside = join(home, "outside.jpg");
  beforeAll(() => {
    symlinkSync(outside, join(folder, "link.jpg"));
    symlinkSync(home, join(folder, "up"));
    symlinkSync("/nowhere/at-all.jpg", join(folder, "dangling.jpg"));
  });
  test.each([
    "../outside.jpg",
    "../absent.jpg",
    outside,
    "link.jpg",
    "up/outside.jpg",
    "dangling.jpg",
    "shots/../../outside.jpg",
    "/proc/self/environ",
    "/proc/self/cwd/../outside.jpg",
    "/proc/self/root/etc/hostname",
    "/etc/hostname",
    "/dev/zero",
    "file:///etc/hostname",
    "http://127.0.0.1/x.jpg",
    "good.jpg\u0000.png",
  ])("%j", async (path) => {
    const result = await check({ paths: [path] });
    expect(result.isError).toBe(true);
    const [error] = errorsOf(result);
    expect(error).toMatchObject({
      code: "path-refused",
      path,
      retryable: false,
      hint: expect.stringContaining("--allow"),
    });
    expect(textOf(result)).toContain("retryable: no");
  });
  test("a hard link is a file of the folder", async () => {
    linkSync(outside, join(folder, "hard.jpg"));
    expect((await check({ paths: ["hard.jpg"] })).structuredContent).toMatchObject({
      reports: [{ verdict: "pass" }],
    });
  });
});

test("a missing file and a FIFO are errors that name them; other files are reported nevertheless", async () => {
  execFileSync("mkfifo", [join(folder, "pipe.mp4")]);
  const result = await check({ paths: ["gone.jpg", "pipe.mp4", "good.jpg"] });
  expect(result.isError).toBe(true);
  expect(errorsOf(result)).toMatchObject([
    { code: "not-found", path: "gone.jpg", retryable: false },
    { code: "unreadable", path: "pipe.mp4" },
  ]);
  expect(result.structuredContent).toMatchObject({ reports: [{ file: "good.jpg", verdict: "pass" }] });
  expect(textOf(result)).toMatch(/gone\.jpg\ncode: not-found\nretryable: no\nnext: .+/);
});

test("nothing to check is a usage error", async () => {
  expect(errorsOf(await check({}))).toMatchObject([{ code: "usage" }]);
});

test("URLs of this machine and other schemes are refused", async () => {
  const server = createServer((_, response) => response.end("private")).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  let requests = 0;
  server.on("request", () => requests++);
  const result = await check({ urls: [`http://127.0.0.1:${port}/a.jpg`, "http://169.254.169.254/latest"] });
  expect(result.structuredContent).toMatchObject({
    reports: [
      { verdict: "fail", findings: [{ rule: "url/private-address" }] },
      { verdict: "fail", findings: [{ rule: "url/private-address" }] },
    ],
  });
  expect(requests).toBe(0);
  const schemes = await check({ urls: [`file://${join(folder, "good.jpg")}`, "data:text/plain,x"] });
  expect(errorsOf(schemes)).toMatchObject([{ code: "url-refused" }, { code: "url-refused" }]);
  server.close();
});

test("the configuration of the folder counts, and is read again for each call", async () => {
  const config = join(folder, "media-preflight.config.json");
  writeFileSync(config, JSON.stringify({ rules: "atlas-seedance-2.5" }));
  const report = async () => (await check({ paths: ["shots/wide.mp4"] })).structuredContent;
  expect(await report()).toMatchObject({ reports: [{ rules: "atlas-seedance-2.5" }] });
  writeFileSync(config, JSON.stringify({ ignore: "shots/**" }));
  expect(errorsOf(await check({ paths: ["shots/wide.mp4"] }))).toMatchObject([
    { code: "usage", path: "shots/wide.mp4" },
  ]);
  writeFileSync(config, "{}");
  expect(await report()).toMatchObject({ reports: [{ rules: "atlas-seedance-2.0" }] });
});

test("progress is reported per file and only grows", async () => {
  const before = session.progress().length;
  await session.call(
    "check_media",
    { paths: Array.from({ length: 6 }, () => "good.jpg") },
    { onprogress: () => {} },
  );
  const seen = session
    .progress()
    .slice(before)
    .map(({ progress, total }) => progress / (total ?? 0));
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(Math.max(...seen)).toBeLessThanOrEqual(1);
});

test("wrong arguments are an error with a code and the nearest argument", async () => {
  for (const [args, message] of [
    [{ path: "good.jpg" }, "path: unknown key; did you mean paths?"],
    [{ paths: "good.jpg" }, 'paths: "good.jpg" is not Array'],
    [{ paths: ["good.jpg"], type: "film" }, /^type: "film" is not /],
  ] as const) {
    const result = await check(args);
    expect(result.isError).toBe(true);
    expect(errorsOf(result)).toMatchObject([{ code: "usage", retryable: false }]);
    expect(textOf(result)).toMatch(message);
    expect(textOf(result)).toContain("next: correct the arguments: this tool takes paths, urls, type, rules");
  }
});

describe("a folder stands for the media below it", () => {
  const batch = join(folder, "batch");
  beforeAll(() => {
    mkdirSync(join(batch, "sub"), { recursive: true });
    cpSync(fixture("image/jpeg-640x480.jpg"), join(batch, "a.jpg"));
    cpSync(fixture("image/jpeg-640x480.jpg"), join(batch, "sub/no-extension"));
    writeFileSync(join(batch, "notes.txt"), "no media");
  });
  const filesOf = ({ structuredContent }: Awaited<ReturnType<typeof check>>): (string | null)[] =>
    (structuredContent as { reports: { file: string | null }[] }).reports.map(({ file }) => file).sort();

  test("by extension or by bytes, named as the folder was", async () => {
    const result = await check({ paths: ["batch", "good.jpg"] });
    expect(result.isError).toBeFalsy();
    expect(filesOf(result)).toEqual(["batch/a.jpg", "batch/sub/no-extension", "good.jpg"]);
    expect(filesOf(await check({ paths: [batch] }))).toEqual([
      join(batch, "a.jpg"),
      join(batch, "sub/no-extension"),
    ]);
    mkdirSync(join(folder, "empty"));
    expect(errorsOf(await check({ paths: ["empty"] }))).toMatchObject([{ code: "no-media", path: "empty" }]);
  });

  test("links that lead out are refused and never read, and a folder outside is", async () => {
    const linked = join(folder, "linked");
    mkdirSync(linked);
    cpSync(fixture("image/jpeg-640x480.jpg"), join(linked, "a.jpg"));
    cpSync(fixture("image/jpeg-640x480.jpg"), join(home, "outside-media"));
    symlinkSync(join(home, "outside.jpg"), join(linked, "out.jpg"));
    symlinkSync(join(home, "outside-media"), join(linked, "out"));
    symlinkSync(home, join(linked, "up"));
    const result = await check({ paths: ["linked"] });
    expect(filesOf(result)).toEqual(["linked/a.jpg"]);
    expect(errorsOf(result)).toMatchObject([{ code: "path-refused", path: "linked/out.jpg" }]);
    for (const path of ["..", home, "linked/up", "/", "/proc/self"])
      expect(errorsOf(await check({ paths: [path] }))).toMatchObject([{ code: "path-refused", path }]);
  });

  test("up to 200 files; what was not checked is an error", async () => {
    const many = join(folder, "many");
    mkdirSync(many);
    for (let n = 0; n < 203; n++) linkSync(join(folder, "good.jpg"), join(many, `${n}.jpg`));
    const result = await check({ paths: ["many"] });
    expect(result.isError).toBe(true);
    expect(filesOf(result)).toHaveLength(200);
    expect(errorsOf(result)).toMatchObject([{ code: "usage", path: "many" }]);
    expect(textOf(result)).toContain("more media files than 200; only 200 of it were checked");
  });
});
