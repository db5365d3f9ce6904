import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";

/* Data goes one way, and so do imports: bytes ← facts ← rules ← report ← pipeline ← the outermost rooms. */

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

const room = (path: string): string =>
  path.startsWith("src/") ? (path.split("/").length > 2 ? (path.split("/")[1] ?? "") : "root") : "outside";
/** What every room may stand on, and what stands on no room. */
const foundations = [
  "src/errors.ts",
  "src/load-once.ts",
  "src/pause.ts",
  "src/spelling.ts",
  "src/mistakes.ts",
];
const outermost = ["cli", "web", "server", "emulator"];

test("files and imports are found", () => {
  expect(files.length).toBeGreaterThan(80);
  expect(imports.length).toBeGreaterThan(files.length);
  expect(imports.filter((i) => i.lazy).length).toBeGreaterThan(5);
});

test("every relative import names a file that is there", () => {
  const missing = imports.filter((i) => i.to.startsWith("src/") && !files.includes(i.to));
  expect(missing.filter((i) => !i.to.endsWith(".json"))).toEqual([]);
});

describe("directions", () => {
  const allowed: Record<string, readonly string[]> = {
    bytes: [],
    facts: ["bytes"],
    rules: ["facts"],
    report: ["rules", "facts"],
    atlas: ["bytes", "facts"],
    pipeline: ["bytes", "facts", "rules", "report", "atlas"],
  };
  test.each(Object.entries(allowed))("%s imports only what lies to its left", (here, left) => {
    const wrong = imports.filter(
      (i) =>
        i.from.startsWith(`src/${here}/`) &&
        i.to.startsWith("src/") &&
        !foundations.includes(i.to) &&
        room(i.to) !== here &&
        !left.includes(room(i.to)),
    );
    expect(wrong).toEqual([]);
  });
  test("the foundations import no room", () => {
    const wrong = imports.filter((i) => foundations.includes(i.from) && i.to.startsWith("src/"));
    expect(wrong.filter((i) => !foundations.includes(i.to))).toEqual([]);
  });
  test("nobody imports the outermost rooms", () => {
    // The CLI starts the servers, and an example may show one room beside another.
    const starts = (from: string): boolean => room(from) === "cli" || from.endsWith("/example.ts");
    const wrong = imports.filter(
      ({ from, to }) => outermost.includes(room(to)) && room(from) !== room(to) && !starts(from),
    );
    expect(wrong).toEqual([]);
  });
  test("only *.node.ts, the CLI, server, emulator and index.ts reach Node", () => {
    const may = (file: string): boolean =>
      /\.node\.ts$/.test(file) ||
      ["cli", "server", "emulator"].includes(room(file)) ||
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

test("the way of a check loads neither the validator nor a witness, another language nor an explanation", () => {
  const seen = new Set<string>();
  const follow = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const i of imports) if (i.from === file && !i.lazy && !i.typeOnly) follow(i.to);
  };
  follow("src/index.ts");
  expect(seen.has("src/rules/judge.ts")).toBe(true);
  const hot = [...seen];
  expect(
    hot.filter((f) => /^(valibot|mediainfo\.js|image-size|music-metadata|file-type|hono)/.test(f)),
  ).toEqual([]);
  expect(hot.filter((f) => /rules\/(schema|validate)\.ts|zh-CN|explain\/|formatters\//.test(f))).toEqual([]);
});

test("there is no room called utils, misc, helpers or common", () => {
  expect(files.filter((file) => /(^|\/)(utils?|misc|helpers?|common)(\/|\.)/.test(file))).toEqual([]);
});
