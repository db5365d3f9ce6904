/*
 * Writes the JSON Schemas that are committed: node test/repo/schemas.ts
 * test/repo/schemas.test.ts compares the committed files with its output.
 */
import { writeFileSync } from "node:fs";
import { toJsonSchema } from "@valibot/to-json-schema";
import { configSchema } from "../../src/cli/config/schema.ts";
import { reportDefinitions, reportSchema } from "../../src/report/schema.ts";
import { definitions, tableSchema } from "../../src/rules/schema.ts";

const here = (path: string): URL => new URL(`../../${path}`, import.meta.url);

/** By path from the repository's root, the text of each committed schema. */
export const schemas: Readonly<Record<string, string>> = {
  "rules/schema.json": print("A media-preflight rule table", tableSchema, definitions),
  "rules/config.schema.json": print("A media-preflight configuration", configSchema, {}),
  "rules/report.schema.json": print("A media-preflight report", reportSchema, reportDefinitions),
};

function print(
  title: string,
  schema: Parameters<typeof toJsonSchema>[0],
  parts: Record<string, Parameters<typeof toJsonSchema>[0]>,
): string {
  const json = toJsonSchema(schema, { typeMode: "input", errorMode: "ignore", definitions: parts });
  return `${JSON.stringify({ title, ...json }, null, 2)}\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname)
  for (const [path, text] of Object.entries(schemas)) writeFileSync(here(path), text);
