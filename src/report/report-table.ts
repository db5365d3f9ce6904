import type { Table } from "../rules/schema.ts";
import type { Report } from "./report.ts";

const tables = new WeakMap<Report, Table>();

/** Remembers the table that a report was made with. */
export function rememberTable(report: Report, table: Table): void {
  tables.set(report, table);
}

/** The table that a report was made with in this process; undefined for a copy or for one parsed from JSON. */
export function tableOf(report: Report): Table | undefined {
  return tables.get(report);
}
