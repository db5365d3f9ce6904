import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, inject, test } from "vitest";

/* What the tarball holds: all that the exports name, and nothing that belongs to the workshop. */

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

test("there is nothing at the top but the folders and texts meant for users", () => {
  const top = new Set(list().map((file) => file.split("/")[0]));
  expect([...top].sort()).toEqual(
    [
      ".github",
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
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

test("no source, test, fixture, metafile or command-line module comes along", () => {
  const strays = list().filter(
    (file) =>
      (/\.tsx?$/.test(file) && !file.endsWith(".d.ts")) ||
      /(^|\/)(test|node_modules)\/|^fixtures\/(?!README\.md$)|^(src|wasm)\/(?!.*README\.md$)|\.meta\.json$|\.map$|^dist\/src\/cli\/|\/example\./.test(
        file,
      ),
  );
  expect(strays).toEqual([]);
});

test("each of the exports is there, and the command is executable text", () => {
  const files = new Set(list());
  const targets = (at: unknown): string[] =>
    typeof at === "string" ? [at] : Object.values(at as object).flatMap(targets);
  const named = targets(packageJson.exports).map((path) => path.replace("./", ""));
  expect(named.length).toBeGreaterThan(8);
  for (const path of named.filter((path) => !path.includes("*"))) expect(files).toContain(path);
  expect([...files].filter((file) => /^rules\/.*\.json$/.test(file)).length).toBeGreaterThanOrEqual(6);
  expect(text(packageJson.bin["media-preflight"])).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test("what is bundled stands among the licences, by its own words", () => {
  const notices = text("dist/THIRD-PARTY-LICENSES.txt");
  for (const name of [
    "valibot",
    "picomatch",
    "ky",
    "file-type",
    "image-size",
    "music-metadata",
    "mediainfo.js",
  ])
    expect(notices).toMatch(
      new RegExp(`^${name.replace(".", "\\.")} \\d+\\.\\d+\\.\\d+ \\((MIT|BSD-2-Clause)\\)$`, "m"),
    );
  const licences = [...notices.matchAll(/^\S+ \d+\.\d+\.\d+ \((.+)\)$/gm)].map(([, licence]) => licence);
  expect(licences.length).toBeGreaterThan(10);
  // A licence of another kind is for a person to look at before it is shipped.
  expect(
    new Set(licences.filter((l) => !["MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD"].includes(`${l}`))),
  ).toEqual(new Set());
});

test("no path of the machine that packed it is in it", () => {
  const found = list()
    .filter((file) => /\.(js|json|txt|md|d\.ts)$/.test(file))
    .filter((file) => text(file).includes(process.cwd()) || text(file).includes("media-preflight-pack-"));
  expect(found).toEqual([]);
});

test("publint finds nothing, strictly", () => {
  const said = execFileSync("publint", ["run", "--strict", tarball], { encoding: "utf8" });
  expect(said).toContain("All good!");
});

test("are the types wrong? no: every entry resolves, for ESM on Node and for bundlers", () => {
  // Its exit status is the profile's: what CommonJS and Node 10 would make of an ESM package does not count.
  const said = execFileSync(
    "attw",
    [tarball, "--profile", "esm-only", "--format", "json", "--exclude-entrypoints", "mediainfo.wasm"],
    { encoding: "utf8", maxBuffer: 1e8 },
  );
  const entries = Object.keys(JSON.parse(said).analysis.entrypoints);
  expect(entries).toEqual(expect.arrayContaining([".", "./server", "./emulator", "./cross-check-worker"]));
});
