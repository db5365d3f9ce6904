import type { Kind } from "../facts/formats.ts";
import type { Condition } from "./condition.ts";
import { type AlsoDocumented, boundsOf, type Limit, loosest, type Observation, overlay } from "./limit.ts";
import { type Property, properties, ruleName, type Unit } from "./properties.ts";
import type { RowCondition, Table, TypeRules, When } from "./schema.ts";

/** A table's row, compiled for evaluation. */
export interface Rule {
  property: Property;
  /** `<type>/<rule>` */
  id: string;
  /** The base unit of values and limits, or null. */
  unit: Unit | null;
  /** The limit as the table states it: 30 MB. */
  printed: { limit: Limit; unit: Unit | null };
  /** Readings of the documented limit; the first one is reported. Empty if none is documented. */
  documented: Limit[];
  /** Readings that `limits: "observed"` uses instead. */
  loosened: Limit[];
  observed: Observation[];
  /** What another document of the service accepts. */
  alsoDocumented: AlsoDocumented | null;
  note: boolean;
  required: boolean;
  forbidden: boolean;
  tiers: Readonly<Record<string, readonly (readonly [number, number])[]>> | null;
  /** All must hold for the row to apply. */
  when: Condition[];
}

const compiled = new WeakMap<Table, Partial<Record<Kind, Rule[]>>>();

/** The rules for files of `type`, or null if the table has none. They are cached: do not change the table afterwards. */
export function rulesFor(table: Table, type: Kind): Rule[] | null {
  const known = compiled.get(table) ?? {};
  compiled.set(table, known);
  const rows = table.types[type];
  if (!rows) return null;
  known[type] ??= (Object.keys(rows) as Property[])
    // Findings have a fixed order, whatever the order of a user's keys; `evaluate` needs pixels before resolution.
    .sort((a, b) => propertyOrder.indexOf(a) - propertyOrder.indexOf(b))
    .map((property) => compile(type, property, rows[property] as AnyRow));
  return known[type];
}

const propertyOrder = Object.keys(properties) as Property[];

type AnyRow = Limit & {
  unit?: Unit | undefined;
  readings?: (Limit & { unit?: Unit | undefined })[] | undefined;
  observed?: AnyObserved | AnyObserved[] | undefined;
  alsoDocumented?: (Limit & { unit?: Unit | undefined } & Omit<AlsoDocumented, "limit">) | undefined;
  severity?: "note" | undefined;
  required?: true | undefined;
  forbidden?: true | undefined;
  tiers?: Rule["tiers"] | undefined;
  when?: When | undefined;
};
type AnyObserved = Limit & { unit?: Unit | undefined } & Omit<Observation, "limit">;

// This line fails to compile if AnyRow no longer covers the rows of the schema.
type _RowsFit = NonNullable<TypeRules[Property]> extends AnyRow ? true : never;

const unitFactors: Partial<Record<Unit, readonly number[]>> = { MB: [1e6, 2 ** 20], MiB: [2 ** 20] };

function compile(type: Kind, property: Property, row: AnyRow): Rule {
  const rule = ruleName(property);
  const base = properties[property].unit;
  const readings = (limit: Limit & { unit?: Unit | undefined }): Limit[] =>
    limitReadings(limit, limit.unit ?? row.unit ?? base);
  const documented = [row, ...(row.readings ?? [])].flatMap(readings);
  const seen = Array.isArray(row.observed) ? row.observed : row.observed ? [row.observed] : [];
  const observed = seen.flatMap(({ confidence, checked, source, ...limit }) =>
    // An observation in MB proves only the smaller reading of the unit.
    readings(limit)
      .slice(0, 1)
      .map((bounds) => ({ limit: bounds, confidence, checked, source })),
  );
  const loose = loosest(observed);
  const elsewhere = row.alsoDocumented;
  return {
    property,
    id: `${type}/${rule}`,
    unit: base,
    printed: { limit: boundsWithTextBooleans(row), unit: row.unit ?? base },
    documented,
    loosened:
      observed.length === 0
        ? documented
        : (documented.length ? documented : [{}]).map((l) => overlay(l, loose)),
    observed,
    alsoDocumented: elsewhere
      ? {
          limit: readings(elsewhere)[0] ?? {},
          by: elsewhere.by,
          checked: elsewhere.checked,
          source: elsewhere.source,
        }
      : null,
    note: row.severity === "note",
    required: row.required === true,
    forbidden: row.forbidden === true,
    tiers: row.tiers ?? null,
    when: Object.entries(row.when ?? {}).map(([fact, limit]) => condition(fact as Property, limit)),
  };
}

function condition(property: Property, { unit, required, forbidden, ...limit }: RowCondition): Condition {
  const limits = limitReadings(limit, unit ?? properties[property].unit);
  return { property, limits, required: required === true, forbidden: forbidden === true };
}

/** A limit in base units, in each reading of its unit; empty if it states no bound. */
function limitReadings(limit: Limit, unit: Unit | null): Limit[] {
  const bounds = boundsWithTextBooleans(limit);
  if (Object.keys(bounds).length === 0) return [];
  return (unitFactors[unit ?? "B"] ?? [1]).map((factor) => scaled(bounds, factor));
}

/** Only the bounds of a row. Booleans become text, as the readings of boolean facts are. */
function boundsWithTextBooleans(row: Limit): Limit {
  const bounds = boundsOf(row);
  return typeof bounds.equals === "boolean" ? { ...bounds, equals: String(bounds.equals) } : bounds;
}

function scaled(limit: Limit, factor: number): Limit {
  if (factor === 1) return limit;
  const times = (bound: unknown): unknown =>
    typeof bound === "number" ? bound * factor : Array.isArray(bound) ? bound.map(times) : bound;
  return Object.fromEntries(Object.entries(limit).map(([key, bound]) => [key, times(bound)]));
}
