import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/* The public surface of the package. */

const root = new URL("../../", import.meta.url).pathname;
const packageJson = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
  exports: Record<string, unknown>;
  sideEffects: string[];
  type: string;
};

test("the package is ESM with types, and without side effects except that the element registers itself", () => {
  expect([packageJson.type, packageJson.sideEffects]).toEqual(["module", ["./dist/browser/element.js"]]);
  expect(packageJson.exports["."]).toMatchObject({ types: "./dist/src/index.d.ts" });
});

test("index.ts and browser.ts have the same names", async () => {
  const [node, browser] = await Promise.all([import("../../src/index.ts"), import("../../src/browser.ts")]);
  // A ledger in a file needs a file system.
  const onlyNode = ["fileLedger"];
  const missing = Object.keys(node).filter((name) => !(name in browser) && !onlyNode.includes(name));
  const extra = Object.keys(browser).filter((name) => !(name in node));
  expect({ missing, extra }).toEqual({ missing: [], extra: [] });
});

test("every exported name is documented where it is declared", () => {
  const surface = ["index", "browser", "public-api"]
    .map((f) => readFileSync(`${root}src/${f}.ts`, "utf8"))
    .join("\n");
  let seen = 0;
  const bare: string[] = [];
  for (const [, names = "", from = ""] of surface.matchAll(
    /export (?:type )?\{([^}]*)\} from "\.\/([^"]+)"/g,
  )) {
    const lines = readFileSync(`${root}src/${from}`, "utf8").split("\n");
    for (const name of names.split(",").map((n) => n.replace(/^\s*type\s|\sas\s.*/g, "").trim())) {
      const at = lines.findIndex((line) =>
        new RegExp(`^export (abstract |async )?(function|class|interface|type|const) ${name}\\b`).test(line),
      );
      if (name === "" || at < 0) continue;
      seen++;
      if (!/\*\/\s*$/.test(lines[at - 1] ?? "")) bare.push(`${from}: ${name}`);
    }
  }
  expect(bare).toEqual([]);
  expect(seen).toBeGreaterThan(20);
});
