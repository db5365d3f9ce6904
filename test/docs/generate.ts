/*
 * Writes the generated parts of the pages, on tables, error codes and public names: `npm run docs`
 * test/docs/generated.test.ts compares the committed pages with its output.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errors } from "../../src/report/explain/errors.ts";
import type { Explanation } from "../../src/report/explain/explanation.ts";
import { statuses } from "../../src/report/explain/http.ts";
import { rules } from "../../src/report/explain/rules.ts";
import { upstream } from "../../src/report/explain/upstream.ts";
import { type Property, properties, ruleName } from "../../src/rules/properties.ts";
import { definitions } from "../../src/rules/schema.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { apiPage } from "./api.ts";
import { customElements } from "./custom-elements.ts";

const root = new URL("../../", import.meta.url).pathname;

/** By path from the repository's root, the text of each page that has generated parts. */
export function pages(): Record<string, string> {
  return {
    "README.md": filled(filled(read("README.md"), "limits", limits()), "terminal", terminalOutput()),
    "rules/README.md": filled(read("rules/README.md"), "properties", propertyTable()),
    "src/report/explain/README.md": errorPage(),
    "src/README.md": apiPage(),
    "custom-elements.json": customElements(),
  };
}

const read = (path: string): string => readFileSync(root + path, "utf8");

/** A page with the text between its two comments `<!-- name: … -->` and `<!-- /name -->` replaced. */
function filled(page: string, name: string, text: string): string {
  const [start, end] = [
    page.indexOf("-->\n", page.indexOf(`<!-- ${name}:`)) + 4,
    page.indexOf(`<!-- /${name} -->`),
  ];
  if (start < 4 || end < start) throw new Error(`the page has no place for ${name}`);
  return `${page.slice(0, start)}\n${text}\n\n${page.slice(end)}`;
}

/** What `check` prints on a terminal for three files. */
function terminalOutput(): string {
  const names = {
    "clip.mp4": "pixels-1920x1080.mp4",
    "cut.mp4": "duration-15.1s.mp4",
    "talk.mp4": "duration-15s.mp4",
  };
  const folder = mkdtempSync(join(tmpdir(), "media-preflight-docs-"));
  try {
    for (const [name, fixture] of Object.entries(names))
      copyFileSync(`${root}fixtures/video/${fixture}`, join(folder, name));
    const command = [`${root}src/cli/media-preflight.ts`, "check", "--no-config", ...Object.keys(names)];
    const { stdout } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
    return `\`\`\`console\n$ media-preflight check ${Object.keys(names).join(" ")}\n${stdout.trimEnd()}\n\`\`\``;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((c) => c.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

type Bounds = Record<string, unknown>;

/** Limits as documented and as observed, of the default table. */
function limits(): string {
  const rows = Object.entries(defaultTable.types).flatMap(([type, of]) =>
    Object.entries(of as Record<string, Bounds>).map(([name, row]) => {
      const seen = [row.observed ?? []].flat() as Bounds[];
      const observed = seen.map((s) => `${said(s, row.unit)} (${s.confidence}, ${s.checked})`).join("; ");
      const note = row.severity === "note" ? " (a note only)" : "";
      return [type, ruleName(name as Property), (said(row) || "–") + note, observed || ""];
    }),
  );
  const { title, source, checked } = defaultTable;
  return `${title}; [source](${source}), read ${checked}.\n\n${table(["Type", "Rule", "Documented", "Observed"], rows)}`;
}

function said(row: Bounds, unit: unknown = row.unit): string {
  const { min, max, above, below } = row;
  const shown = (value: unknown): string =>
    typeof value === "number" ? value.toLocaleString("en") : `${value}`;
  const parts: string[] = [];
  if (min !== undefined && max !== undefined) parts.push(`${shown(min)} – ${shown(max)}`);
  else if (min !== undefined) parts.push(`≥ ${shown(min)}`);
  else if (max !== undefined) parts.push(`≤ ${shown(max)}`);
  if (above !== undefined) parts.push(`> ${shown(above)}`);
  if (below !== undefined) parts.push(`< ${shown(below)}`);
  if (Array.isArray(row.in)) parts.push(row.in.join(", "));
  return parts.length > 0 ? `${parts.join(", ")} ${row.unit ?? unit ?? ""}`.trim() : "";
}

/** The schema of a property's row. */
interface RowSchema {
  wrapped: {
    entries: { equals: { wrapped: { type: string } }; unit?: { wrapped: { options: readonly string[] } } };
  };
}

/** The units that a row of this property may state, or the kind of its values. */
export function stated(property: string): readonly string[] {
  const rows = definitions.typeRules as unknown as { entries: Record<string, RowSchema> };
  const { equals, unit } = (rows.entries[property] as RowSchema).wrapped.entries;
  const { type } = equals.wrapped;
  return unit?.wrapped.options ?? [type === "string" ? "text" : type];
}

function propertyTable(): string {
  const rows = Object.entries(properties).map(([name, { of }]) => [
    `\`${name}\``,
    `\`…/${ruleName(name as Property)}\``,
    stated(name).join(", "),
    of.length > 0 ? of.join(", ") : "if stated",
  ]);
  return `A property is the name of a fact. Exceptions: \`size\` is the number of bytes, \`bitRate\` is bytes divided by duration. If a row names no unit, the first one applies.\n\n${table(["Property", "Rule id", "Unit or type of value", "Always present in"], rows)}`;
}

function errorPage(): string {
  const explained = (codes: Readonly<Record<string, Explanation>>): string =>
    table(
      ["Code", "Meaning", "Cause", "Cure"],
      Object.entries(codes).map(([code, { meaning, cause, cure }]) => [`\`${code}\``, meaning, cause, cure]),
    );
  const local = Object.entries(upstream).map(([code, row]) => [
    `\`${code}\``,
    row.meaning,
    row.rule === null ? "none" : `\`…/${row.rule}\``,
    row.cure,
  ]);
  return `# Errors and findings, every code

Written by \`npm run docs\` from the tables in this folder; \`media-preflight explain CODE\` prints a row.

Errors are for what could not be done: a \`MediaPreflightError\` with a stable \`code\`, a \`hint\`, and \`retryable\`. What is wrong with a file is a finding of [the report](../README.md).

## Errors of this package

${explained(errors)}

## Rules

By the second half of a rule id.

${explained(rules)}

## Codes of the service

They come with a refused request or a \`Failed\` asset, bare or after \`InvalidParameter.\`.

${table(["Code", "Meaning", "Local rule", "Cure"], local)}

## HTTP statuses

${explained(statuses)}
`;
}

if (process.argv[1] === import.meta.filename)
  for (const [path, text] of Object.entries(pages())) writeFileSync(root + path, text);
