import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";

/* Data flows left to right (folders below); no module imports from a folder to the right of its own. */

const root = new URL("../../", import.meta.url).pathname;
const files = globSync("src/**/*.ts", { cwd: root })
  .map((file) => file.replaceAll("\\", "/"))
  .sort();

interface Import {
  from: string;
  /** A path from the root, or a package. */
  to: string;
  typeOnly: boolean;
  lazy: boolean;
}

const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(join(root, from), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const found: Import[] = [];
  const statement = /(?:^|\n)\s*(import|export)\s(type\s)?([^;"']*?\sfrom\s)?["']([^"'\n]+)["']/g;
  for (const [, word, type, clause, to = ""] of text.matchAll(statement))
    if (word === "import" || clause) found.push({ from, to, typeOnly: Boolean(type), lazy: false });
  for (const [, to = ""] of text.matchAll(/import\(\s*["']([^"']+)["']/g))
    found.push({ from, to, typeOnly: false, lazy: true });
  return found.map((i) =>
    i.to.startsWith(".") ? { ...i, to: relative(root, join(root, dirname(from), i.to)) } : i,
  );
});

const folderOf = (path: string): string =>
  path.startsWith("src/") ? (path.split("/").length > 2 ? (path.split("/")[1] ?? "") : "root") : "outside";
/** Folders in the order of the data flow; each may import from those before it. */
const flow = [
  "async",
  "validation",
  "bytes",
  "facts",
  "rules",
  "engines",
  "report",
  "preflight",
  "fix",
  "atlas",
  "storage",
  "ledger",
  "submit",
  "push",
  "server-client",
] as const;
/** Imports that are forbidden besides: the service's client and the ledger do not use rules, engines do not use reports. */
const independent: Readonly<Record<string, readonly string[]>> = {
  atlas: ["async", "validation", "bytes", "facts"],
  storage: ["async", "validation", "bytes", "facts", "atlas"],
  ledger: ["async", "validation", "bytes", "facts", "atlas"],
  engines: ["async", "validation", "bytes", "facts"],
};
const entryPoints = ["cli", "web", "server", "emulator", "mcp"];
/** May be imported from every folder. */
const foundations = ["src/errors.ts"];

test("files and imports are found", () => {
  expect(files.length).toBeGreaterThan(80);
  expect(imports.length).toBeGreaterThan(files.length);
  expect(imports.filter((i) => i.lazy).length).toBeGreaterThan(5);
});

test("every relative import names an existing file", () => {
  const missing = imports.filter((i) => i.to.startsWith("src/") && !files.includes(i.to));
  const unlisted = missing.filter((i) => !(/\.(json|css)$/.test(i.to) && existsSync(root + i.to)));
  expect(unlisted).toEqual([]);
});

describe("directions", () => {
  test.each(flow)("%s imports only from folders to its left", (folder) => {
    const left = independent[folder] ?? flow.slice(0, flow.indexOf(folder));
    const wrong = imports.filter(
      (i) =>
        i.from.startsWith(`src/${folder}/`) &&
        i.to.startsWith("src/") &&
        !foundations.includes(i.to) &&
        folderOf(i.to) !== folder &&
        !left.includes(folderOf(i.to)),
    );
    expect(wrong).toEqual([]);
  });
  test("every folder of src has a place", () => {
    const known = ["root", ...flow, ...entryPoints];
    expect([...new Set(files.map(folderOf))].filter((folder) => !known.includes(folder))).toEqual([]);
  });
  test("the foundations import nothing", () => {
    expect(imports.filter((i) => foundations.includes(i.from) && i.to.startsWith("src/"))).toEqual([]);
  });
  test("only entry points import entry points", () => {
    const wrong = imports.filter(
      ({ from, to }) => entryPoints.includes(folderOf(to)) && !entryPoints.includes(folderOf(from)),
    );
    expect(wrong).toEqual([]);
  });
  test("only *.node.ts, the CLI, server, emulator and index.ts reach Node", () => {
    const may = (file: string): boolean =>
      /\.node\.ts$/.test(file) ||
      ["cli", "server", "emulator", "mcp"].includes(folderOf(file)) ||
      file === "src/index.ts";
    expect(imports.filter((i) => i.to.startsWith("node:") && !may(i.from))).toEqual([]);
    // A file that runs anywhere may not import one that does not, save lazily behind a check.
    expect(imports.filter((i) => /\.node\.ts$/.test(i.to) && !may(i.from) && !i.typeOnly)).toEqual([]);
  });
});

test("there are no cycles", () => {
  const next = new Map<string, string[]>();
  for (const i of imports)
    if (!i.lazy && !i.typeOnly && i.to.startsWith("src/"))
      next.set(i.from, [...(next.get(i.from) ?? []), i.to]);
  const state = new Map<string, "open" | "done">();
  const cycles: string[][] = [];
  const visit = (file: string, path: string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      cycles.push([...path.slice(path.indexOf(file)), file]);
      return;
    }
    state.set(file, "open");
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    state.set(file, "done");
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test("a check loads neither the validator nor a cross-check library, another language or an explanation", () => {
  const seen = new Set<string>();
  const follow = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const i of imports) if (i.from === file && !i.lazy && !i.typeOnly) follow(i.to);
  };
  follow("src/index.ts");
  expect(seen.has("src/rules/evaluate.ts")).toBe(true);
  const hot = [...seen];
  expect(
    hot.filter((f) => /^(valibot|mediainfo\.js|image-size|music-metadata|file-type|hono)/.test(f)),
  ).toEqual([]);
  expect(hot.filter((f) => /rules\/(schema|validate)\.ts|zh-CN|explain\/|formatters\//.test(f))).toEqual([]);
});

test("there is no folder called utils, misc, helpers or common", () => {
  expect(files.filter((file) => /(^|\/)(utils?|misc|helpers?|common)(\/|\.)/.test(file))).toEqual([]);
});
