import { readRegularFile } from "../bytes/open-file.node.ts";
import { MediaPreflightError } from "../errors.ts";
import { loadTable } from "./load.ts";
import type { Table } from "./schema.ts";
import { builtInTables } from "./tables.ts";

const read = new Map<string, Promise<Table>>();

/**
 * Like loadTable, but also accepts a path to a JSON file: any text that is not a built-in id and ends in .json or
 * contains a slash. Each file is read once per process.
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

/** Extends the hint of an unknown id: only on Node.js a table can be a file. */
function orFile(load: () => Table | Promise<Table>): Table | Promise<Table> {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof MediaPreflightError)) throw error;
    throw new MediaPreflightError(error.code, error.message, { hint: `${error.hint}; or name a JSON file` });
  }
}

async function fromFile(path: string): Promise<Table> {
  const text = readText(path);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new MediaPreflightError("bad-table", `${path}: ${(cause as Error).message}`, { cause });
  }
  if (typeof data !== "object" || data === null)
    throw new MediaPreflightError("bad-table", `${path}: a rule table must be a JSON object`);
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

/** The built-in tables are about 8 kB large. */
const largestTableInBytes = 4 * 1024 * 1024;

function readText(path: string): string {
  try {
    return readRegularFile(path, { maxBytes: largestTableInBytes }).toString("utf8");
  } catch (cause) {
    if (!(cause instanceof MediaPreflightError) || cause.code !== "not-found") throw cause;
    throw new MediaPreflightError("not-found", `no such rule table: ${path}`, { cause });
  }
}
