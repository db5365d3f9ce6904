import type { Table } from "./schema.ts";

/**
 * Types a rule table written in code, so that editors complete and check it: `defineTable({ id: "reels", … })`. It is
 * validated when it is first used.
 */
export function defineTable(table: Table): Table {
  return table;
}
