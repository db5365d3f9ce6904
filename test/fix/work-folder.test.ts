import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { withWorkFolder } from "../../src/fix/work-folder.node.ts";

const root = mkdtempSync(join(tmpdir(), "work-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => {
  vi.useRealTimers();
});

const minutes = (n: number): Date => new Date(Date.now() - n * 60_000);

/** A folder as a killed process leaves it, last written to some minutes ago. */
function left(parent: string, name: string, files: readonly string[], age: number): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  for (const file of files) {
    writeFileSync(join(folder, file), "half a copy");
    utimesSync(join(folder, file), minutes(age), minutes(age));
  }
  utimesSync(folder, minutes(900), minutes(900));
  return folder;
}

test("what a killed process left is removed by the next one, and nothing else", async () => {
  const parent = mkdtempSync(join(root, "out-"));
  const elsewhere = mkdtempSync(join(root, "elsewhere-"));
  left(elsewhere, "real", ["output-1"], 120);
  const gone = [
    left(parent, ".media-preflight-fix-aaaaaa", ["output-1", "alive"], 61),
    left(parent, ".media-preflight-fix-bbbbbb", ["decoded.png", "decoded-2.png"], 500),
    left(parent, ".media-preflight-fix-cccccc", [], 500),
  ];
  const kept = [
    // In use: its output grows, or its process says so.
    left(parent, ".media-preflight-fix-dddddd", ["output-1"], 59),
    left(parent, ".media-preflight-fix-eeeeee", ["output-1", "alive"], 1),
    // Not made by us.
    left(parent, ".media-preflight-fix-ffffff", ["output-1", "diary.txt"], 500),
    left(parent, ".media-preflight-fix-archive", ["output-1"], 500),
    left(parent, "media-preflight-gggggg", ["output-1"], 500),
  ];
  mkdirSync(join(left(parent, ".media-preflight-fix-hhhhhh", [], 500), "output-1"));
  symlinkSync(join(elsewhere, "real"), join(parent, ".media-preflight-fix-iiiiii"));
  symlinkSync(
    join(elsewhere, "real/output-1"),
    join(left(parent, ".media-preflight-fix-jjjjjj", [], 500), "alive"),
  );
  for (const name of ["hhhhhh", "jjjjjj"])
    utimesSync(join(parent, `.media-preflight-fix-${name}`), minutes(500), minutes(500));
  await withWorkFolder(parent, async (own) => {
    expect(existsSync(own)).toBe(true);
    expect(gone.filter(existsSync)).toEqual([]);
  });
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
  expect(readdirSync(parent)).toHaveLength(8);
  expect(lstatSync(join(parent, ".media-preflight-fix-iiiiii")).isSymbolicLink()).toBe(true);
  expect(readdirSync(join(elsewhere, "real"))).toEqual(["output-1"]);
});

test("a folder in use says so every minute, and is removed at the end", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const parent = mkdtempSync(join(root, "out-"));
  await withWorkFolder(parent, async (own) => {
    utimesSync(own, minutes(500), minutes(500));
    vi.advanceTimersByTime(60_000);
    await vi.waitFor(() => expect(readdirSync(own)).toEqual(["alive"]));
    expect(Date.now() - lstatSync(join(own, "alive")).mtimeMs).toBeLessThan(30_000);
  });
  expect(readdirSync(parent)).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
