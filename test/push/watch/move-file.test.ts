import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryName } from "../../../src/ledger/file/replace-file.node.ts";
import { moveFile, numbered } from "../../../src/push/watch/move-file.node.ts";
import type { FileState } from "../../../src/push/watch/watch-list.ts";

/* Files are moved without ever replacing one, and only as they were judged. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "move-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): { path: string; state: FileState } {
  const path = join(folder, name);
  writeFileSync(path, content);
  const { size, mtimeMs, ctimeMs, ino } = statSync(path);
  return { path, state: { size, mtimeMs, ctimeMs, ino } };
}

test("it is the same file under another name, in a folder that is created", async () => {
  const { path, state } = file("a.mp4", "one");
  const to = await moveFile(path, join(folder, "done"), "shots/a.mp4", state);
  expect(to).toBe(join(folder, "done/shots/a.mp4"));
  expect(statSync(to).ino).toBe(state.ino);
  expect(existsSync(path)).toBe(false);
});

test("a name that is taken is numbered, whatever it is that has it", async () => {
  mkdirSync(join(folder, "done"));
  writeFileSync(join(folder, "done/a.mp4"), "first");
  symlinkSync("/nonexistent", join(folder, "done/a-2.mp4"));
  mkdirSync(join(folder, "done/a-3.mp4"));
  const { path, state } = file("a.mp4", "second");
  expect(await moveFile(path, join(folder, "done"), "a.mp4", state)).toBe(join(folder, "done/a-4.mp4"));
  expect(readFileSync(join(folder, "done/a.mp4"), "utf8")).toBe("first");
  expect(numbered("a.b/c", 2)).toBe("a.b/c-2");
});

test("a file that changed since it was checked is not moved", async () => {
  const { path, state } = file("a.mp4", "one");
  writeFileSync(path, "another");
  await expect(moveFile(path, join(folder, "done"), "a.mp4", state)).rejects.toMatchObject({
    code: "changed",
  });
  expect(readFileSync(path, "utf8")).toBe("another");
});

test("a link that took the file's place is neither followed nor moved", async () => {
  const { path, state } = file("a.mp4", "one");
  rmSync(path);
  symlinkSync("/etc/hostname", path);
  await expect(moveFile(path, join(folder, "done"), "a.mp4", state)).rejects.toMatchObject({
    code: "changed",
  });
  expect(existsSync(join(folder, "done"))).toBe(false);
});

test("a file whose target folder leads back to its own is kept", async () => {
  const { path, state } = file("a.mp4", "one");
  symlinkSync(folder, join(folder, "done"));
  const to = await moveFile(path, join(folder, "done"), "a.mp4", state);
  expect(readFileSync(to, "utf8")).toBe("one");
});

test("a move that was killed before the original was removed is finished, and makes no second file", async () => {
  const { path, state } = file("a.mp4", "one");
  mkdirSync(join(folder, "done"));
  linkSync(path, join(folder, "done/a.mp4"));
  expect(await moveFile(path, join(folder, "done"), "a.mp4", state)).toBe(join(folder, "done/a.mp4"));
  expect([existsSync(path), readdirSync(join(folder, "done"))]).toEqual([false, ["a.mp4"]]);
});

const otherDevice = "/dev/shm";
const hasOtherDevice = existsSync(otherDevice) && statSync(otherDevice).dev !== statSync(tmpdir()).dev;

test.skipIf(!hasOtherDevice)(
  "to another device it is copied, compared and removed, and no name there is replaced (needs /dev/shm)",
  async () => {
    const far = mkdtempSync(join(otherDevice, "move-file-"));
    try {
      writeFileSync(join(far, "a.mp4"), "first");
      const { path, state } = file("a.mp4", "second");
      expect(await moveFile(path, far, "a.mp4", state)).toBe(join(far, "a-2.mp4"));
      expect(readFileSync(join(far, "a-2.mp4"), "utf8")).toBe("second");
      expect(Math.abs(statSync(join(far, "a-2.mp4")).mtimeMs - state.mtimeMs)).toBeLessThan(2);
      expect(readdirSync(far).sort()).toEqual(["a-2.mp4", "a.mp4"]);
      expect(existsSync(path)).toBe(false);
    } finally {
      rmSync(far, { recursive: true });
    }
  },
);

test.skipIf(!hasOtherDevice)(
  "a copy to another device that was killed is finished or started over, and leaves nothing (needs /dev/shm)",
  async () => {
    const far = mkdtempSync(join(otherDevice, "move-file-"));
    const name = `${"n".repeat(250)}.mp4`;
    try {
      const first = file(name, "one");
      copyFileSync(first.path, join(far, name));
      const { atime, mtime } = statSync(first.path);
      utimesSync(join(far, name), atime, mtime);
      expect(await moveFile(first.path, far, name, first.state)).toBe(join(far, name));
      expect([existsSync(first.path), readdirSync(far)]).toEqual([false, [name]]);

      rmSync(join(far, name));
      const half = temporaryName(join(far, `.${name.slice(0, 40)}`));
      writeFileSync(half.replace(`.${process.pid}.`, ".4194303."), "o");
      const second = file(name, "one");
      expect(await moveFile(second.path, far, name, second.state)).toBe(join(far, name));
      expect(readdirSync(far)).toEqual([name]);
    } finally {
      rmSync(far, { recursive: true });
    }
  },
);
