import { MediaPreflightError } from "../errors.ts";
import type { Table } from "./schema.ts";
import { builtInTables, defaultTable } from "./tables.ts";

const validated = new WeakMap<object, Table>();

/**
 * A rule table by the id of a built-in one, or a user's own as an object, validated once.
 * @throws MediaPreflightError `bad-table` with the path of each mistake; `usage` for an unknown id
 */
export function loadTable(rules?: string | object | null): Table | Promise<Table> {
  if (rules === undefined || rules === null) return defaultTable;
  if (typeof rules === "string") {
    const load = Object.hasOwn(builtInTables, rules) ? builtInTables[rules] : undefined;
    if (load) return load();
    throw new MediaPreflightError("usage", `no rule table is called ${JSON.stringify(rules)}`, {
      hint: `tables that come with it: ${Object.keys(builtInTables).join(", ")}`,
    });
  }
  return rules === defaultTable ? defaultTable : (validated.get(rules) ?? validate(rules));
}

async function validate(rules: object): Promise<Table> {
  // Only here is the validator wanted: the way of a check over a built-in table never loads it.
  const { validateTable } = await import("./validate.ts");
  const table = validateTable(rules);
  validated.set(rules, table);
  return table;
}
