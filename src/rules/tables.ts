import seedance20 from "../../rules/atlas-seedance-2.0.json" with { type: "json" };
import type { Table } from "./schema.ts";

/** The table used where none is named. */
export const defaultTable: Table = seedance20 as unknown as Table;

/** The tables that come with this package; the default one is at hand, others are loaded when asked for. */
export const builtInTables: Readonly<Record<string, () => Table | Promise<Table>>> = {
  "atlas-seedance-2.0": () => defaultTable,
  "atlas-seedance-2.5": async () =>
    (await import("../../rules/atlas-seedance-2.5.json", { with: { type: "json" } }))
      .default as unknown as Table,
};
