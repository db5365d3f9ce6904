import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { attributes } from "../../src/web/element/attributes.ts";

/* custom-elements.json, which `npm run docs` makes, names all of the element's public interface. */

const root = new URL("../../", import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(`${root}custom-elements.json`, "utf8"));
const [element] = manifest.modules[0].declarations;
const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name).sort();

test("package.json names the manifest, its module is in the exports, and it is packed", () => {
  const packageJson = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  expect(packageJson.customElements).toBe("custom-elements.json");
  expect(packageJson.files).toContain("custom-elements.json");
  expect(`./${manifest.modules[0].path}`).toBe(packageJson.exports["./element"].default);
});

test("it has every attribute that the element observes, and the one that only its style sheet reads", () => {
  expect(names(element.attributes)).toEqual([...attributes, "theme"].sort());
});

test("it has the public properties and methods, with docstrings", () => {
  expect(names(element.members)).toEqual(
    ["add", "assets", "clear", "files", "headers", "reports", "rules", "send"].sort(),
  );
  expect(element.members.filter(({ description }: { description: string }) => !description)).toEqual([]);
  const add = element.members.find(({ name }: { name: string }) => name === "add");
  expect(add).toMatchObject({
    kind: "method",
    parameters: [{ name: "files", type: { text: "Iterable<File>" } }],
  });
});

test("it has every event", () => {
  const source = readFileSync(`${root}src/web/element/events.ts`, "utf8");
  const declared = [...source.matchAll(/"(media-preflight-\w+)": CustomEvent/g)].map(([, name]) => name);
  expect(declared.length).toBeGreaterThan(5);
  expect(names(element.events)).toEqual(declared.sort());
});

test("it has the custom properties and parts", () => {
  expect(names(element.cssProperties)).toEqual(expect.arrayContaining(["--mp-accent", "--mp-font"]));
  expect(names(element.cssParts)).toEqual(expect.arrayContaining(["zone", "file-fail", "address", "button"]));
});
