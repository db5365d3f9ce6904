import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, inject, test } from "vitest";

/* The contents of the tarball: everything that is exported, and no development files. */

const tarball = inject("tarball");
const folder = join(inject("scratch"), "contents");
mkdirSync(folder);
execFileSync("tar", ["xzf", tarball, "--strip-components=1", "-C", folder]);
const list = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
const text = (file: string): string => readFileSync(join(folder, file), "utf8");
const packageJson = JSON.parse(readFileSync("package.json", "utf8"));

test("the top level has only folders and texts for users", () => {
  const top = new Set(list().map((file) => file.split("/")[0]));
  expect([...top].sort()).toEqual(
    [
      ".github",
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "custom-elements.json",
      "dist",
      "fixtures",
      "package.json",
      "rules",
      "src",
      "wasm",
    ].sort(),
  );
});

test("every page and picture that the README links to is in the package", () => {
  const local = [...text("README.md").matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !target.includes("://"));
  expect(local.length).toBeGreaterThan(10);
  const files = new Set(list());
  expect(local.filter((target) => !files.has(target))).toEqual([]);
});

test("it contains no source, test, fixture, metafile or command-line module", () => {
  const strays = list().filter(
    (file) =>
      (/\.tsx?$/.test(file) && !file.endsWith(".d.ts")) ||
      /(^|\/)(test|node_modules)\/|^fixtures\/(?!README\.md$)|^(src|wasm)\/(?!.*README\.md$|mcp\/SKILL\.md$)|\.meta\.json$|\.map$|^dist\/src\/(cli|mcp)\/|\/example\./.test(
        file,
      ),
  );
  expect(strays).toEqual([]);
});

test("every export exists, and the command is an executable script", () => {
  const files = new Set(list());
  const targets = (at: unknown): string[] =>
    typeof at === "string" ? [at] : Object.values(at as object).flatMap(targets);
  const named = targets(packageJson.exports).map((path) => path.replace("./", ""));
  expect(named.length).toBeGreaterThan(8);
  for (const path of named.filter((path) => !path.includes("*"))) expect(files).toContain(path);
  expect([...files].filter((file) => /^rules\/.*\.json$/.test(file)).length).toBeGreaterThanOrEqual(6);
  expect(text(packageJson.bin["media-preflight"])).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test("every bundled package is listed with its own licence text", () => {
  const notices = text("dist/THIRD-PARTY-LICENSES.txt");
  for (const name of [
    "valibot",
    "picomatch",
    "ky",
    "file-type",
    "image-size",
    "music-metadata",
    "mediainfo.js",
    "@modelcontextprotocol/server",
  ])
    expect(notices).toMatch(
      new RegExp(`^${name.replace(".", "\\.")} \\d+\\.\\d+\\.\\d+ \\((MIT|BSD-2-Clause|Apache-2.0)\\)$`, "m"),
    );
  const licences = [...notices.matchAll(/^\S+ \d+\.\d+\.\d+ \((.+)\)$/gm)].map(([, licence]) => licence);
  expect(licences.length).toBeGreaterThan(10);
  // Another licence has to be reviewed by a person before a release.
  const reviewed = ["MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "Apache-2.0"];
  expect(new Set(licences.filter((l) => !reviewed.includes(`${l}`)))).toEqual(new Set());
});

test("it contains no path of the machine that packed it", () => {
  const found = list()
    .filter((file) => /\.(js|json|txt|md|d\.ts)$/.test(file))
    .filter((file) => text(file).includes(process.cwd()) || text(file).includes("media-preflight-pack-"));
  expect(found).toEqual([]);
});

test("publint --strict finds no problem", () => {
  const said = execFileSync("publint", ["run", "--strict", tarball], { encoding: "utf8" });
  expect(said).toContain("All good!");
});

test("arethetypeswrong: every entry resolves, for ESM in Node.js and for bundlers", () => {
  // The profile decides the exit status: CommonJS and Node.js 10 cannot use an ESM package, which is expected.
  const said = execFileSync(
    "attw",
    [tarball, "--profile", "esm-only", "--format", "json", "--exclude-entrypoints", "mediainfo.wasm"],
    { encoding: "utf8", maxBuffer: 1e8 },
  );
  const entries = Object.keys(JSON.parse(said).analysis.entrypoints);
  expect(entries).toEqual(expect.arrayContaining([".", "./server", "./emulator", "./cross-check-worker"]));
});
