import type { Table } from "./schema.ts";

/**
 * Returns its argument, typed as a rule table, so that editors complete and check it:
 * `defineTable({ id: "reels", … })`. The table is validated when it is first used.
 */
export function defineTable(table: Table): Table {
  return table;
}
