import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { connect } from "../mcp/session.ts";
import { fixture, scratch, spawned } from "./run.ts";

/* The published command, as src/cli/bundle.ts builds it. */

const { path: home, remove } = scratch("built");
afterAll(remove);
const root = join(import.meta.dirname, "../..");
const dist = join(home, "dist/cli");
execFileSync(process.execPath, ["src/cli/bundle.ts", dist], { cwd: root });
copyFileSync(join(root, "package.json"), join(home, "package.json"));
symlinkSync(join(root, "node_modules"), join(home, "node_modules"), "junction");
const program = join(dist, "media-preflight.js");

const files = ["image/jpeg-640x480.jpg", "video/mp4-h264-aac.mp4", "audio/mp3-stereo-3s.mp3"].map(fixture);
const wide = fixture("video/pixels-1920x1080.mp4");

function built(args: readonly string[], nodeArgs: readonly string[] = []): SpawnSyncReturns<string> {
  const { NODE_V8_COVERAGE: _, NODE_OPTIONS: __, ...env } = process.env;
  return spawnSync(process.execPath, [...nodeArgs, program, ...args], { env, encoding: "utf8" });
}

test("the build has the command, all commands, the cross-check worker, the SDK of mcp, and a package.json that marks them as CommonJS", () => {
  expect(readdirSync(dist).sort()).toEqual([
    "main.js",
    "media-preflight.js",
    "package.json",
    "sdk.js",
    "worker.node.js",
  ]);
});

test("mcp answers a client where no package is installed; no other command loads its SDK", async () => {
  const alone = join(home, "alone");
  cpSync(dist, join(alone, "dist/cli"), { recursive: true });
  copyFileSync(join(root, "package.json"), join(alone, "package.json"));
  renameSync(join(home, "node_modules"), join(home, "hidden"));
  try {
    const session = await connect({
      program: join(alone, "dist/cli/media-preflight.js"),
      cwd: fixture("image"),
    });
    expect((await session.client.listTools()).tools).toHaveLength(5);
    const result = await session.call("check_media", { paths: ["jpeg-640x480.jpg"] });
    expect(result.structuredContent).toMatchObject({ reports: [{ verdict: "pass" }] });
    await session.close();
  } finally {
    renameSync(join(home, "hidden"), join(home, "node_modules"));
  }
  const sdk = join(dist, "sdk.js");
  renameSync(sdk, `${sdk}.away`);
  expect(built(["check", ...files]).status).toBe(0);
  expect(built(["mcp", "--help"]).status).toBe(0);
  renameSync(`${sdk}.away`, sdk);
});

test("check, inspect, explain and hook load nothing that sends: half of the program", () => {
  const main = join(dist, "main.js");
  expect(statSync(program).size).toBeLessThan(statSync(main).size * 0.55);
  renameSync(main, `${main}.away`);
  try {
    expect(built(["check", ...files]).status).toBe(0);
    expect(built(["check", "--help"]).status).toBe(0);
    expect(built(["inspect", ...files]).status).toBe(0);
    expect(built(["explain", "video/pixels"]).status).toBe(0);
    expect(built(["hook", "--help"]).status).toBe(0);
    const without = built(["push", ...files]);
    expect([without.status, without.stdout]).toEqual([2, ""]);
    expect(without.stderr).toMatch(
      /^media-preflight: its file main\.js cannot be loaded \([^\n]*\) → install it again\n$/,
    );
  } finally {
    renameSync(`${main}.away`, main);
  }
});

describe("the bundle prints the same as its source", () => {
  test.each([
    [["check", ...files, wide], 1],
    [["check", "--locale", "zh-CN", "--verbose", ...files], 0],
    [["inspect", files[0] ?? "", "--cross-check", "always"], 0],
    [["check", files[1] ?? "", "--cross-check", "always", "--format", "json"], 0],
    [["inspect", files[2] ?? "", "--cross-check", "always"], 0],
    [["check", "--staged", "surplus"], 2],
    [["check", "--rules", join(root, "rules/atlas-seedance-2.5.json"), wide], null],
    [["explain", "video/pixels"], 0],
    [["rules", "show"], 0],
    [["emulator", "--help"], 0],
    [["--help"], 0],
    [["help", "check"], 0],
    [["--version"], 0],
    [[], 2],
    [["chek", "--strict"], 2],
    [["check", "http://127.0.0.1:9/a.jpg"], 1],
  ])("%j", (args, status) => {
    const source = spawned(args);
    const done = built(args);
    expect([done.stdout, done.stderr, done.status]).toEqual([source.stdout, source.stderr, source.status]);
    if (status !== null) expect(done.status).toBe(status);
  });
});

test("an older Node.js prints one line that names the version required", () => {
  const older = join(home, "older.cjs");
  writeFileSync(
    older,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.11.0" } });',
  );
  const { status, stdout, stderr } = built(["check", ...files], ["--require", older]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^media-preflight: needs Node\.js 22\.12 or later; this is v\d[^\n]*\n$/);
});
