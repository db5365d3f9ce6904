import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { copyFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
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

test("the build has the command, the cross-check worker and a package.json that marks both as CommonJS", () => {
  expect(readdirSync(dist).sort()).toEqual(["media-preflight.js", "package.json", "worker.node.js"]);
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
    [["--version"], 0],
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
