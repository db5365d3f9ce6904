import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/*
 * The API page, from the sources themselves: every name that an entry of package.json exports, with its docstring and
 * its declaration. A documentation generator would want a compiler of its own (TypeScript 7 has no API in JavaScript).
 */

const root = new URL("../../", import.meta.url).pathname;

/** Entries of package.json by their source. */
export const entries: Readonly<Record<string, string>> = {
  "media-preflight": "src/index.ts",
  "media-preflight/server": "src/server/index.ts",
  "media-preflight/emulator": "src/emulator/index.ts",
  "media-preflight/ledger-postgres": "src/ledger/postgres/postgres-ledger.node.ts",
  "media-preflight/queue": "src/push/queue/queue.node.ts",
  "media-preflight/storage-s3": "src/storage/s3-storage.node.ts",
  "media-preflight/ledger-conformance": "src/ledger/conformance.ts",
  "media-preflight/element": "src/web/element/define.ts",
  "media-preflight/uppy": "src/web/uppy.ts",
  "media-preflight/react-dropzone": "src/web/react-dropzone.ts",
};

/** One public name. */
export interface Public {
  name: string;
  /** Path of the file that declares it, from the root. */
  file: string;
  kind: "function" | "class" | "interface" | "type" | "const";
  /** Its docstring's text; empty where it has none. */
  doc: string;
  /** How it is declared, without a body. */
  declaration: string;
}

const declared = (name: string): RegExp =>
  new RegExp(`^export (?:declare |abstract |async )*(function|class|interface|type|const) ${name}\\b`, "m");

/** The public names of a source file, those that it passes on included. */
export function namesOf(file: string): Public[] {
  const text = readFileSync(root + file, "utf8");
  const found: Public[] = [];
  for (const [, name = ""] of text.matchAll(
    /^export (?:declare |abstract |async )*(?:function|class|interface|type|const) ([A-Za-z]\w*)/gm,
  ))
    found.push(describe(name, file, text));
  const from = (path: string): string => join(dirname(file), path);
  for (const [, path = ""] of text.matchAll(/^export \* from "([^"]+)"/gm))
    found.push(...namesOf(from(path)));
  for (const [, names = "", path = ""] of text.matchAll(/^export (?:type )?\{([^}]*)\} from "([^"]+)"/gm))
    for (const name of listed(names)) found.push(find(name, from(path)));
  // Imported above, and passed on.
  for (const [, names = ""] of text.matchAll(/^export (?:type )?\{([^}]*)\};/gm))
    for (const name of listed(names)) {
      const source = new RegExp(`^import (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from "([^"]+)"`, "m").exec(
        text,
      )?.[1];
      found.push(source ? find(name, from(source)) : describe(name, file, text));
    }
  return found;
}

const listed = (names: string): string[] =>
  names
    .split(",")
    .map((part) => part.trim().replace(/^type /, ""))
    .filter((name) => name !== "");

function find(name: string, file: string): Public {
  const own = namesOf(file).find((entry) => entry.name === name);
  if (!own) throw new Error(`${file} does not export ${name}`);
  return own;
}

function describe(name: string, file: string, text: string): Public {
  const match = declared(name).exec(text);
  if (!match) throw new Error(`${file} does not declare ${name}`);
  const before = text.slice(0, match.index).trimEnd();
  const start = before.endsWith("*/") ? before.lastIndexOf("/**") : -1;
  const doc = start < 0 ? "" : before.slice(start + 3, -2);
  return {
    name,
    file,
    kind: match[1] as Public["kind"],
    doc: doc
      .split("\n")
      .map((line) => line.replace(/^\s*\*? ?/, ""))
      .join("\n")
      .trim(),
    declaration: declarationOf(text.slice(match.index), match[1] as Public["kind"]),
  };
}

/** Complete interfaces and types; of other declarations only the part before the body or value. */
function declarationOf(text: string, kind: Public["kind"]): string {
  const plain = text.replace(/^export /, "");
  if (kind === "interface") return plain.slice(0, plain.indexOf("\n}") + 2);
  if (kind === "type")
    return (/^[\s\S]*?;[ \t]*(?:\/\/[^\n]*)?\n(?=\n|\/\*|export|$)/.exec(plain)?.[0] ?? plain).trim();
  if (kind === "class") return classDeclaration(plain);
  if (kind === "const") return constDeclaration(plain.slice(0, plain.search(/;\n(?=\S|\n|$)/)));
  return plain.slice(0, plain.search(/\s\{\n/)).trim();
}

/** A class with its public members and their docstrings, without bodies, constructors and what a framework calls. */
function classDeclaration(text: string): string {
  const head = text.slice(0, text.search(/\s\{\n/)).trim();
  const body = text.slice(text.search(/\s\{\n/) + 3, text.indexOf("\n}\n"));
  const members = [...body.matchAll(member)].flatMap(([, doc = "", declaration = ""]) => {
    if (internal.test(declaration)) return [];
    return `${doc}${declaration.replace(/ = [\s\S]*$|;$| \{$/, "")};`;
  });
  return members.length === 0 ? head : `${head} {\n${members.join("\n")}\n}`;
}

/** A docstring, if there is one, and a member up to its body or semicolon, at the indentation of a class's members. */
const member = /^( {2}\/\*\*[\s\S]*?\*\/\n)?( {2}(?=[\w#@])(?:[^;{]|\{(?!$))*(?:;|\{)$)/gm;
const internal =
  /^ {2}(?:(?:readonly|static|get|set|async) )*#|^ {2}(?:static|set|override|constructor|\w+Callback)\b/;

/** A constant's type; of a function that has none stated, its parameters and what it returns. */
function constDeclaration(text: string): string {
  const signature = /^const (\w+) = (?:async )?(\([\s\S]*?\)): ([\s\S]+?) =>/.exec(text);
  if (signature) return `const ${signature[1]}: ${signature[2]} => ${signature[3]}`;
  return text.slice(0, text.search(/\s=\s/)).trim();
}

/** The main entry's names by task: folders of src/, and names that its index declares itself. */
const tasks: readonly (readonly [task: string, folders: string, names: string])[] = [
  [
    "Check files",
    "preflight",
    "preflight preflightAll preflightReferences inspect mediaSchema preloadParsers",
  ],
  ["Read reports", "report", ""],
  ["Use and write rule tables", "rules", "loadTable"],
  ["Fix files", "fix engines", "fix"],
  ["Submit one file", "submit", "submit"],
  ["Push many files", "push", "push"],
  ["Record what was done: the ledger", "ledger", ""],
  ["Call the service", "atlas", ""],
  ["Call the service from a page", "server-client", ""],
  ["Store files in your own bucket", "storage", ""],
  ["Know formats, facts and readings", "facts bytes", ""],
  ["Handle errors", "errors.ts", ""],
  ["Wait and try again", "async", ""],
];

/** The complete page. */
export function apiPage(): string {
  const parts = Object.entries(entries).map(([entry, file]) => {
    const names = namesOf(file).sort(byKindAndName);
    const body = entry === "media-preflight" ? byTask(names) : sections(names, "###");
    return `## ${entry}\n\n${body}`;
  });
  return `# API\n\nEvery public name, by entry, with its declaration; functions and classes before types. Written by \`npm run docs\` from the sources. In a browser, \`media-preflight\` has the same names except \`fileLedger\`.\n\n${parts.join("\n\n")}\n`;
}

/** A list of the tasks, then the names of each. @throws Error for a name that belongs to no task */
function byTask(names: readonly Public[]): string {
  const groups = tasks.map(([task, folders, own]) => ({
    task,
    names: names.filter(({ name, file }) => {
      const [, folder = ""] = file.split("/");
      return folder === "index.ts" ? own.split(" ").includes(name) : folders.split(" ").includes(folder);
    }),
  }));
  const grouped = new Set(groups.flatMap((group) => group.names));
  const left = names.find((entry) => !grouped.has(entry));
  if (left) throw new Error(`add a task for ${left.name} of ${left.file}`);
  const contents = groups.map(({ task, names: own }) => {
    const callable = own.filter((entry) => isValue(entry)).map(({ name }) => `\`${name}\``);
    return `- [${task}](#${task
      .toLowerCase()
      .replace(/[^\w ]/g, "")
      .replaceAll(" ", "-")})${callable.length > 0 ? `: ${callable.join(", ")}` : ""}`;
  });
  const parts = groups.map(({ task, names: own }) => `### ${task}\n\n${sections(own, "####")}`);
  return `${contents.join("\n")}\n\n${parts.join("\n\n")}`;
}

const isValue = ({ kind }: Public): boolean => kind === "function" || kind === "class" || kind === "const";

function byKindAndName(a: Public, b: Public): number {
  if (isValue(a) !== isValue(b)) return isValue(a) ? -1 : 1;
  return a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1;
}

function sections(names: readonly Public[], heading: string): string {
  return names.map((entry) => section(entry, heading)).join("\n\n");
}

function section({ name, file, doc, declaration }: Public, heading: string): string {
  const text = doc
    .replace(/(^| )@throws /gm, "$1Throws ")
    .replace(/(^| )@returns /gm, "$1Returns ")
    .replace(/^@param (\S+) /gm, "`$1`: ");
  return `${heading} ${name}\n\n${text}\n\n\`\`\`typescript\n${declaration}\n\`\`\`\n\n[${file}](${relative("src", file)})`;
}
