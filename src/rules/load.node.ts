import { readFileSync } from "node:fs";
import { MediaPreflightError } from "../errors.ts";
import { loadTable } from "./load.ts";
import type { Table } from "./schema.ts";
import { builtInTables } from "./tables.ts";

const read = new Map<string, Promise<Table>>();

/**
 * As loadTable, and a path to a JSON file: whatever is no built-in id and ends in .json or has a slash in it.
 * A file is read once in a process.
 * @throws MediaPreflightError `bad-table`, `not-found`, `unreadable`, `usage`
 */
export function loadTableFromNode(rules?: string | object | null): Table | Promise<Table> {
  const path =
    typeof rules === "string" && !Object.hasOwn(builtInTables, rules) && /\.json$|[\\/]/i.test(rules);
  if (!path) return orFile(() => loadTable(rules));
  const known = read.get(rules);
  if (known) return known;
  const table = fromFile(rules);
  table.catch(() => read.delete(rules));
  read.set(rules, table);
  return table;
}

/** What a page's own hint cannot offer. */
function orFile(load: () => Table | Promise<Table>): Table | Promise<Table> {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof MediaPreflightError)) throw error;
    throw new MediaPreflightError(error.code, error.message, { hint: `${error.hint}; or name a JSON file` });
  }
}

async function fromFile(path: string): Promise<Table> {
  let text: string;
  try {
    // Once a process, a few kilobytes: loading the asynchronous reader would cost more.
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const message = missing ? "there is no such rule table" : "the rule table cannot be read";
    throw new MediaPreflightError(missing ? "not-found" : "unreadable", `${message}: ${path}`, { cause });
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new MediaPreflightError("bad-table", `${path}: ${(cause as Error).message}`, { cause });
  }
  if (typeof data !== "object" || data === null)
    throw new MediaPreflightError("bad-table", `${path}: a rule table is an object`);
  try {
    return await loadTable(data);
  } catch (error) {
    if (!(error instanceof MediaPreflightError)) throw error;
    throw new MediaPreflightError(error.code, `${path}: ${error.message}`, {
      hint: error.hint ?? undefined,
      cause: error,
    } as never);
  }
}
