import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fixture, scratch, spawned } from "./run.ts";

/* The command as it is shipped, and the compiled code that it keeps from run to run. */

const { path: home, remove } = scratch("built");
afterAll(remove);
const root = join(import.meta.dirname, "../..");
execFileSync(process.execPath, ["src/cli/bundle.ts", join(home, "dist/cli")], { cwd: root });
copyFileSync(join(root, "package.json"), join(home, "package.json"));
symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
const program = join(home, "dist/cli/media-preflight.js");

const files = ["image/jpeg-640x480.jpg", "video/mp4-h264-aac.mp4", "audio/mp3-stereo-3s.mp3"].map(fixture);

function built(args: readonly string[], env: Record<string, string>): SpawnSyncReturns<string> {
  const own = { ...process.env };
  for (const name of ["NODE_COMPILE_CACHE", "NODE_DISABLE_COMPILE_CACHE", "NODE_V8_COVERAGE", "NODE_OPTIONS"])
    delete own[name];
  return spawnSync(process.execPath, [program, ...args], { env: { ...own, ...env }, encoding: "utf8" });
}

/** A cache folder of its own, and what lies in it. */
function cache(name: string): { env: Record<string, string>; folder: string; kept(): string[] } {
  const folder = join(home, name, "media-preflight");
  const kept = (): string[] => readdirSync(folder).map((file) => join(folder, file));
  return { env: { XDG_CACHE_HOME: join(home, name) }, folder, kept };
}

const stampOf = (file: string): string => `${statSync(file).ino} ${statSync(file).mtimeMs}`;

describe.skipIf(process.platform === "win32")("the built command", () => {
  test("it says what its source says, with and without kept code", () => {
    const wide = fixture("video/pixels-1920x1080.mp4");
    const { stdout, status } = spawned(["check", ...files, wide]);
    const { env } = cache("same");
    const disabled = { ...env, NODE_DISABLE_COMPILE_CACHE: "1" };
    for (const setting of [disabled, env, env]) {
      const done = built(["check", ...files, wide], setting);
      expect({ out: done.stdout, err: done.stderr, code: done.status }).toEqual({
        out: stdout,
        err: "",
        code: status,
      });
    }
    expect(status).toBe(1);
  });
  test("what is loaded on demand shares its modules with it, in a worker too", () => {
    const { env } = cache("demand");
    for (const args of [
      ["inspect", files[0] ?? "", "--cross-check", "always"],
      ["check", files[1] ?? "", "--cross-check", "always", "--format", "json"],
      ["check", "--staged", "surplus"],
      ["explain", "video/pixels"],
      ["check", "http://127.0.0.1:9/a.jpg"],
    ]) {
      const source = spawned(args);
      const done = built(args, env);
      expect([done.stdout, done.stderr, done.status]).toEqual([source.stdout, source.stderr, source.status]);
    }
  });
  test("code is kept once, for its owner alone, and what runs again changes nothing", () => {
    const { env, folder, kept } = cache("once");
    built(["check", ...files], env);
    const first = kept().map(stampOf);
    expect(first.length).toBeGreaterThan(2);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of kept()) expect(statSync(file).mode & 0o777).toBe(0o600);
    built(["check", ...files], env);
    expect(kept().map(stampOf)).toEqual(first);
  });
  test("a run that goes new ways adds its code", () => {
    const { env, kept } = cache("ways");
    built(["check", files[0] ?? ""], env);
    const [before = ""] = kept().map(stampOf);
    built(["check", "--verbose", files[0] ?? ""], env);
    expect(kept().map(stampOf)).not.toContain(before);
  });
  test("damaged code, or what others may have written, is not run and is replaced", () => {
    const { env, kept } = cache("damaged");
    built(["check", files[0] ?? ""], env);
    const [file = ""] = kept();
    const sound = readFileSync(file);
    for (const damage of [
      () => writeFileSync(file, sound.subarray(0, sound.length - 100)),
      () => writeFileSync(file, Buffer.from(sound).fill(0, 40_000, 44_096)),
      () => writeFileSync(file, ""),
      () => chmodSync(file, 0o666),
    ]) {
      damage();
      const before = stampOf(file);
      const { status, stderr } = built(["check", files[0] ?? ""], env);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stampOf(file)).not.toBe(before);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });
  test("Node's own variables hold, and where nothing can be written nothing is said", () => {
    const { env, folder } = cache("off");
    built(["check", files[0] ?? ""], { ...env, NODE_DISABLE_COMPILE_CACHE: "1" });
    expect(() => statSync(folder)).toThrow(/ENOENT/);
    built(["check", files[0] ?? ""], { ...env, NODE_COMPILE_CACHE: join(home, "node's") });
    expect(() => statSync(folder)).toThrow(/ENOENT/);
    expect(readdirSync(join(home, "node's/media-preflight")).length).toBeGreaterThan(0);
    for (const nowhere of ["/dev/null", "not/absolute"]) {
      const { status, stderr } = built(["check", files[0] ?? ""], { XDG_CACHE_HOME: nowhere });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    }
  });
});
