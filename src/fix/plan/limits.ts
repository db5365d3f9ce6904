import type { Kind } from "../../facts/formats.ts";
import { rulesFor } from "../../rules/compile.ts";
import { type Limit, type Value, violatedOperator } from "../../rules/limit.ts";
import type { Property } from "../../rules/properties.ts";
import type { Table } from "../../rules/schema.ts";

/** An interval, closed at both ends: open ends are moved a little inside. */
export interface Interval {
  low: number;
  high: number;
}

/** All limits of one kind of file, every reading of each. */
export interface Limits {
  /** Whether a value is inside every reading of the property's limit. Rows that are notes count only if `notes`. */
  allows(property: Property, value: Value, notes?: boolean): boolean;
  /** Whether no row but notes limits the property. */
  isFree(property: Property): boolean;
  /** Bounds that satisfy every reading. */
  interval(property: Property): Interval;
  /** Values that a row lists (`in`, `equals`), or null where it lists none. */
  listed(property: Property): readonly (string | number)[] | null;
  /** Ratios that a row lists. */
  ratios(property: Property): readonly number[];
  /** Numbers that a value has to be a multiple of. */
  multiples(property: Property): readonly number[];
  /** The named sizes of a `resolution` row, with the range of sizes that they apply to. */
  tiers: {
    tiers: Readonly<Record<string, readonly (readonly [number, number])[]>>;
    window: Limit | null;
  } | null;
}

/** The limits for files of this kind; null if the table has none. */
export function limitsOf(table: Table, type: Kind, observed: boolean): Limits | null {
  const rules = rulesFor(table, type);
  if (!rules) return null;
  const limitsFor = (property: Property, notes: boolean): Limit[] =>
    rules
      .filter((rule) => rule.property === property && (notes || !rule.note))
      .flatMap((rule) => (observed ? rule.loosened : rule.documented));
  const tiered = rules.find((rule) => rule.tiers);
  const window = rules.find((rule) => rule.property === "pixels")?.documented[0] ?? null;
  return {
    allows: (property, value, notes = false) =>
      limitsFor(property, notes).every((limit) => violatedOperator(limit, value) === null) &&
      !rules.some((rule) => rule.property === property && rule.forbidden && !rule.note),
    isFree: (property) => !rules.some((rule) => rule.property === property && !rule.note),
    interval(property) {
      let low = 0;
      let high = Number.POSITIVE_INFINITY;
      for (const { min, above, max, below } of limitsFor(property, false)) {
        low = Math.max(low, min ?? 0, above === undefined ? 0 : above + openBoundMargin(above));
        high = Math.min(high, max ?? high, below === undefined ? high : below - openBoundMargin(below));
      }
      return { low, high };
    },
    listed(property) {
      const lists = limitsFor(property, false).flatMap(({ in: list, equals }) => [
        ...(list ? [list] : []),
        ...(equals === undefined ? [] : [[equals as string | number]]),
      ]);
      const [first, ...rest] = lists;
      return first ? first.filter((value) => rest.every((list) => list.includes(value))) : null;
    },
    ratios: (property) =>
      limitsFor(property, false).flatMap((limit) =>
        (limit.ratios ?? []).map((ratio) => {
          const [w = 1, h = 1] = ratio.split(":").map(Number);
          return w / h;
        }),
      ),
    multiples: (property) => limitsFor(property, false).flatMap((limit) => limit.multipleOf ?? []),
    tiers: tiered?.tiers ? { tiers: tiered.tiers, window } : null,
  };
}

/** How far inside an open bound to stay: 1 for an integer, otherwise a thousandth of it. */
function openBoundMargin(bound: number): number {
  return Number.isInteger(bound) && bound >= 16 ? 1 : Math.max(bound * 1e-3, 1e-6);
}
