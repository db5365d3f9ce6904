import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { entries, namesOf } from "./api.ts";

/* Every type that a public signature mentions can be imported from the same entry. */

const root = new URL("../../", import.meta.url).pathname;

/** Types of the language, the DOM and Node.js. */
const isGlobal = (name: string): boolean => name in globalThis || globals.has(name);
const globals: ReadonlySet<string> = new Set(
  `AsyncGenerator AsyncIterable AsyncIterator Awaited BodyInit Exclude Extract Iterable Iterator NonNullable Omit
   Parameters Partial Pick Promise PromiseLike Readonly ReadonlyArray ReadonlyMap ReadonlySet Record RequestInit Required
   ReturnType HTMLElement HTMLElementEventMap CustomEvent CustomEventInit AddEventListenerOptions EventListener
   EventListenerOrEventListenerObject ShadowRoot File FileList HTMLInputElement`
    .split(/\s+/)
    .filter(Boolean),
);

/** Names of types in a declaration: capitalised identifiers outside comments and strings that are not property names. */
function typesIn(declaration: string): string[] {
  const code = declaration
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
    .replace(/"[^"\n]*"|'[^'\n]*'|`[^`]*`/g, '""');
  const lists = [...code.matchAll(/(?:\b(?:interface|type|class|function) \w+|[=:(,])\s*<([^<>]*)/g)];
  const parameters = new Set([
    ...lists.flatMap(([, list = ""]) => [...list.matchAll(/(?:^|,)\s*([A-Z]\w*)/g)].map(([, name]) => name)),
    ...[...code.matchAll(/\b(?:infer|\[) ?([A-Z]\w*)/g)].map(([, name]) => name),
    ...[...code.matchAll(/\[([A-Z]\w*) in /g)].map(([, name]) => name),
  ]);
  return [...code.matchAll(/(?<![\w.$])([A-Z]\w*)\b(?!\s*\??:)/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !parameters.has(name));
}

/** Whether a file has the type at all: declared or imported; otherwise it is a parameter, a global or of another package. */
const inFile = (file: string, name: string): boolean =>
  new RegExp(
    `^(?:export )?(?:interface|type|class) ${name}\\b|import[^;]*\\b${name}\\b[^;]*from "\\.`,
    "m",
  ).test(readFileSync(root + file, "utf8"));

describe.each(Object.entries(entries))("%s", (entry, file) => {
  test("exports every type that its declarations mention", () => {
    // What the main entry exports need not be exported again by the others.
    const exported = new Set(
      [...namesOf(file), ...(entry === "media-preflight" ? [] : namesOf("src/index.ts"))].map(
        ({ name }) => name,
      ),
    );
    const missing = namesOf(file).flatMap(({ name, file: from, declaration }) =>
      typesIn(declaration)
        .filter((type) => !exported.has(type) && !isGlobal(type) && inFile(from, type))
        .map((type) => `${name} mentions ${type} (${from})`),
    );
    expect([...new Set(missing)].sort()).toEqual([]);
  });
});

test("no public declaration shows an internal option", () => {
  const shown = namesOf("src/index.ts").filter(({ declaration }) =>
    /\b(?:turn|assetList)\??:|\bRunOptions\b/.test(declaration.replace(/\/\*[\s\S]*?\*\//g, "")),
  );
  expect(shown.map(({ name }) => name)).toEqual([]);
});
