import { MediaPreflightError } from "../errors.ts";
import type { Table } from "./schema.ts";
import { builtInTables, defaultTable } from "./tables.ts";

const validated = new WeakMap<object, Table>();

/**
 * Loads a built-in rule table by its id, or validates a user's table given as an object (once per object).
 * @throws MediaPreflightError `bad-table` with the path of each mistake; `usage` for an unknown id
 */
export function loadTable(rules?: string | object | null): Table | Promise<Table> {
  if (rules === undefined || rules === null) return defaultTable;
  if (typeof rules === "string") {
    const load = Object.hasOwn(builtInTables, rules) ? builtInTables[rules] : undefined;
    if (load) return load();
    throw new MediaPreflightError("usage", `no rule table is called ${JSON.stringify(rules)}`, {
      hint: `built-in tables: ${Object.keys(builtInTables).join(", ")}`,
    });
  }
  return rules === defaultTable ? defaultTable : (validated.get(rules) ?? validate(rules));
}

async function validate(rules: object): Promise<Table> {
  // The validator is loaded only for a user's table: checks with a built-in table do not need it.
  const { validateTable } = await import("./validate.ts");
  const table = validateTable(rules);
  validated.set(rules, table);
  return table;
}
