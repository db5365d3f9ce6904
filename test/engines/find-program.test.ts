import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findProgram } from "../../src/engines/find-program.node.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "find-program-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function program(...path: string[]): string {
  const file = join(root, ...path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, 0o755);
  return file;
}

describe.skipIf(process.platform === "win32")("a program is found", () => {
  const system = program("usr", "bin", "ffmpeg");
  const work = join(root, "repository", "media");
  mkdirSync(join(root, "repository", ".git"), { recursive: true });
  mkdirSync(work, { recursive: true });
  const find = (path: string, env: Record<string, string> = {}) =>
    findProgram("ffmpeg", { PATH: path, ...env }, work, "FFMPEG_PATH");

  test("on PATH", () => expect(find(join(root, "usr/bin"))).toBe(system));

  test("not in the current folder, its repository, node_modules/.bin or a relative folder", () => {
    program("repository", "media", "ffmpeg");
    program("repository", "bin", "ffmpeg");
    program("elsewhere", "node_modules", ".bin", "ffmpeg");
    const hostile = [
      ".",
      "bin",
      work,
      join(root, "repository/bin"),
      join(root, "elsewhere/node_modules/.bin"),
    ];
    expect(find(hostile.join(":"))).toBeNull();
    expect(find([...hostile, join(root, "usr/bin")].join(":"))).toBe(system);
  });

  test("not through a link into the repository", () => {
    mkdirSync(join(root, "links"), { recursive: true });
    symlinkSync(join(root, "repository/bin/ffmpeg"), join(root, "links/ffmpeg"));
    expect(find(join(root, "links"))).toBeNull();
  });

  test("by its variable, which must be absolute and trusted too", () => {
    expect(find("", { FFMPEG_PATH: system })).toBe(system);
    expect(find(join(root, "usr/bin"), { FFMPEG_PATH: "./ffmpeg" })).toBeNull();
    expect(find(join(root, "usr/bin"), { FFMPEG_PATH: join(work, "ffmpeg") })).toBeNull();
    expect(find(join(root, "usr/bin"), { FFMPEG_PATH: join(root, "missing") })).toBeNull();
  });

  test("only if it may be executed", () => {
    const file = program("plain", "ffmpeg");
    chmodSync(file, 0o644);
    expect(find(join(root, "plain"))).toBeNull();
  });
});
