import { chmodSync, existsSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeFolder } from "../../src/bytes/make-folder.node.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();

test("creates a folder and those above it, with the mode asked for; one that exists stays as it is", () => {
  const path = folder.join("a/b/c");
  makeFolder(path, 0o700);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  chmodSync(path, 0o755);
  makeFolder(path, 0o700);
  expect(statSync(path).mode & 0o777).toBe(0o755);
});

test("a file at the place of the folder, or above it, is an error", () => {
  writeFileSync(folder.join("file"), "");
  expect(() => makeFolder(folder.join("file"))).toThrow(expect.objectContaining({ code: "EEXIST" }));
  expect(() => makeFolder(folder.join("file/below"))).toThrow(expect.objectContaining({ code: "EEXIST" }));
});

test.skipIf(!existsSync("/proc/self"))(
  "a file system that answers ENOENT in an existing folder is an error, not an endless loop",
  () => {
    for (const path of ["/proc/media-preflight", "/proc/media-preflight/below"])
      expect(() => makeFolder(path)).toThrow(expect.objectContaining({ code: "ENOENT" }));
  },
);
