import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { fileBeside, resolutionBases, resolveFrom } from "../../wasm/package-files.node.ts";

/* Where the worker and MediaInfo are found when a bundler has moved the module that looks for them. */

const project = mkdtempSync(join(tmpdir(), "package-files-"));
const moved = pathToFileURL(join(project, ".next/server/chunks/route.js")).href;
const write = (path: string, text = ""): string => {
  const file = join(project, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
};

beforeAll(() => {
  write("node_modules/media-preflight/package.json", '{"name":"media-preflight"}');
  write("node_modules/media-preflight/dist/node/worker.node.js");
  write(".next/server/chunks/here.js");
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(project, { recursive: true, force: true }));

test("a file beside the module is taken", () => {
  vi.spyOn(process, "cwd").mockReturnValue(project);
  expect(fileBeside("here.js", moved).href).toBe(new URL("here.js", moved).href);
});

test("if there is none, the one of the package that the working directory has installed is taken", () => {
  vi.spyOn(process, "cwd").mockReturnValue(project);
  const worker = fileBeside("worker.node.js", moved);
  expect(fileURLToPath(worker)).toContain("node_modules/media-preflight/dist/node/worker.node.js");
  expect(existsSync(worker)).toBe(true);
});

test("if the package is not installed either, the address beside the module is left for the error", () => {
  vi.spyOn(process, "cwd").mockReturnValue(tmpdir());
  expect(fileBeside("worker.node.js", moved).href).toBe(new URL("worker.node.js", moved).href);
});

test("packages are resolved from the module, the installed package and the working directory, in this order", () => {
  vi.spyOn(process, "cwd").mockReturnValue(project);
  const bases = resolutionBases(moved);
  expect(bases).toHaveLength(3);
  expect(bases[0]).toBe(moved);
  expect(bases[1]).toMatch(/node_modules\/media-preflight\/package\.json$/);
  expect(resolveFrom(bases[2] ?? "", "media-preflight/package.json")).toBe(fileURLToPath(bases[1] ?? ""));
  expect(resolveFrom(moved, "no-such-package/index.js")).toBeNull();
});
