import { parseArgs } from "node:util";

/** Arguments of a crash program; all but the switches are numbers. */
export function crashArguments<Name extends string>(
  defaults: Record<"files" | "kills" | "seed" | "faults" | "life", number>,
  switches: readonly Name[] = [],
): typeof defaults & Record<Name, boolean> {
  const numbers = Object.entries(defaults).map(([name, value]) => [
    name,
    { type: "string", default: String(value) },
  ]);
  const booleans = switches.map((name) => [name, { type: "boolean", default: false }]);
  const { values } = parseArgs({ options: Object.fromEntries([...numbers, ...booleans]) });
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? Number(value) : value]),
  ) as typeof defaults & Record<Name, boolean>;
}
