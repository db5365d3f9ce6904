/*
 * custom-elements.json, which editors and documentation tools read (Custom Elements Manifest, schema 1.0.0): made of
 * the element's types, docstrings, style sheet and page by `npm run docs`.
 */
import { readFileSync } from "node:fs";

const root = new URL("../../", import.meta.url).pathname;
const read = (path: string): string => readFileSync(root + path, "utf8");

interface Documented {
  name: string;
  description: string;
  text: string;
}

/** A docstring's text on one line. */
const plain = (comment: string): string => comment.replace(/\s*\n\s*\* ?/g, " ").trim();

/** The members of an interface with their docstrings, in their order; `text` is the type. */
function membersOf(path: string, name: string): Documented[] {
  const body = new RegExp(`export interface ${name} \\{\\n([\\s\\S]*?)\\n\\}`).exec(read(path))?.[1];
  if (body === undefined) throw new Error(`${path} has no interface ${name}`);
  const member = /^ {2}(?:\/\*\* ([\s\S]*?) \*\/\n {2})?"?([\w-]+)"?\??: ([\s\S]*?);$/gm;
  return [...body.matchAll(member)].map(([, description = "", key = "", text = ""]) => ({
    name: key,
    description: plain(description),
    text: text.replace(/ \| undefined$/, "").replace(/\s+/g, " "),
  }));
}

/** Documented public methods, getters and fields of the element. */
function publicMembers(): object[] {
  const source = read("src/web/element/element.ts");
  const member = /^ {2}\/\*\* (.+?) \*\/\n {2}(get )?(\w+)(?:\((.*?)\))?: ([^;{]+?)(?: \{|;)$/gm;
  return [...source.matchAll(member)].map(([, description, getter, name = "", parameters, type = ""]) => {
    if (parameters === undefined || getter)
      return {
        kind: "field",
        name,
        description,
        type: { text: type },
        ...(getter && !source.includes(`\n  set ${name}(`) && { readonly: true }),
      };
    const given = /^(\w+)(\?)?: (.+)$/.exec(parameters);
    return {
      kind: "method",
      name,
      description,
      parameters: given ? [{ name: given[1], type: { text: given[3] }, optional: given[2] === "?" }] : [],
      return: { type: { text: type } },
    };
  });
}

/** Custom properties with their defaults, as the style sheet states them. */
function cssProperties(): object[] {
  const css = read("src/web/element/style/zone.css");
  return [...css.matchAll(/var\((--mp-[\w-]+), (.+)\);/g)].map(([, name, value]) => ({
    name,
    default: value,
  }));
}

/** The parts that the element's page lists. */
function cssParts(): object[] {
  const paragraph = /^Parts: ([\s\S]+?)\n\n/m.exec(read("src/web/README.md"))?.[1];
  if (paragraph === undefined) throw new Error("src/web/README.md lists no parts");
  return [...paragraph.matchAll(/`([\w-]+)`/g)].map(([, name]) => ({ name }));
}

/** The manifest's text. */
export function customElements(): string {
  const fields: Readonly<Record<string, string>> = { rules: "rules" };
  const declaration = {
    kind: "class",
    name: "MediaPreflightElement",
    tagName: "media-preflight",
    customElement: true,
    superclass: { name: "HTMLElement" },
    description: "A drop zone that checks media files in the page and sends those that pass.",
    attributes: membersOf("src/web/element/frameworks.ts", "MediaPreflightAttributes").map((attribute) => ({
      name: attribute.name,
      ...(attribute.description && { description: attribute.description }),
      type: { text: attribute.text },
      ...(fields[attribute.name] && { fieldName: fields[attribute.name] }),
    })),
    events: membersOf("src/web/element/events.ts", "MediaPreflightEventMap").map((event) => ({
      name: event.name,
      description: event.description,
      type: { text: event.text },
    })),
    members: publicMembers(),
    cssProperties: cssProperties(),
    cssParts: cssParts(),
  };
  const path = "dist/browser/element.js";
  const manifest = {
    schemaVersion: "1.0.0",
    modules: [
      {
        kind: "javascript-module",
        path,
        declarations: [declaration],
        exports: [
          {
            kind: "custom-element-definition",
            name: "media-preflight",
            declaration: { name: "MediaPreflightElement", module: path },
          },
          {
            kind: "js",
            name: "MediaPreflightElement",
            declaration: { name: "MediaPreflightElement", module: path },
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
