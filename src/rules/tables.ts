import seedance20 from "../../rules/atlas-seedance-2.0.json" with { type: "json" };
import type { Table } from "./schema.ts";

/** The table that is used by default. */
export const defaultTable: Table = seedance20 as unknown as Table;

const tables = {
  "atlas-seedance-2.0": () => defaultTable,
  "atlas-seedance-2.5": async () =>
    (await import("../../rules/atlas-seedance-2.5.json", { with: { type: "json" } }))
      .default as unknown as Table,
  "kling-4.0": async () =>
    (await import("../../rules/kling-4.0.json", { with: { type: "json" } })).default as unknown as Table,
  "kling-omni": async () =>
    (await import("../../rules/kling-omni.json", { with: { type: "json" } })).default as unknown as Table,
  "minimax-h3": async () =>
    (await import("../../rules/minimax-h3.json", { with: { type: "json" } })).default as unknown as Table,
  runway: async () =>
    (await import("../../rules/runway.json", { with: { type: "json" } })).default as unknown as Table,
  "wan-3.0": async () =>
    (await import("../../rules/wan-3.0.json", { with: { type: "json" } })).default as unknown as Table,
} as const satisfies Record<string, () => Table | Promise<Table>>;

/** The id of a built-in table. */
export type BuiltInTable = keyof typeof tables;

/** The built-in tables. The default table is always loaded, the others on demand. */
export const builtInTables: Readonly<Record<string, () => Table | Promise<Table>>> = tables;
