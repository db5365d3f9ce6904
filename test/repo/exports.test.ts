import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { librarySources } from "../package/library.ts";

/* The files that package.json exports. */

type Target = string | { [condition: string]: Target };
const { exports } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  exports: Record<string, Target>;
};

function targets(target: Target, condition = "default"): [string, string][] {
  if (typeof target === "string") return [[condition, target]];
  return Object.entries(target).flatMap(([name, inner]) => targets(inner, name));
}

test("code comes from bundles, types from dist/src", () => {
  const all = Object.values(exports).flatMap((target) => targets(target));
  const code = all.filter(([condition, path]) => condition !== "types" && path.endsWith(".js"));
  expect(code.length).toBeGreaterThan(6);
  expect(code.filter(([, path]) => !/^\.\/dist\/(node|browser)\//.test(path))).toEqual([]);
  const types = all.filter(([condition]) => condition === "types");
  expect(types.filter(([, path]) => !/^\.\/dist\/src\/.*\.d\.ts$/.test(path))).toEqual([]);
});

test("every entry for Node.js is bundled from the source that its types come from", () => {
  const sources = librarySources();
  expect(Object.keys(sources)).toEqual(expect.arrayContaining(["index", "server", "emulator"]));
  for (const source of Object.values(sources)) {
    const types = `./dist/${source.replace(/\.ts$/, ".d.ts")}`;
    expect(JSON.stringify(exports)).toContain(types);
  }
});
