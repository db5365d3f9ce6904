type Bounds = Readonly<Record<string, unknown>>;

/** Operators and what they are called here; those that are missing are called by their own name. */
const operators: Readonly<Record<string, (value: unknown) => string>> = {
  above: (value) => `above ${value}`,
  below: (value) => `below ${value}`,
  in: list,
  notIn: (value) => `none of ${list(value)}`,
  equals: (value) => `${value}`,
  multipleOf: (value) => `a multiple of ${value}`,
  ratios: list,
  tolerance: (value) => `tolerance ${value}`,
  required: () => "required",
  forbidden: () => "none allowed",
  sum: (value) => `together ${boundsText(value as Bounds)}`,
};

/** A row's bounds in one line: "300 – 6000 px", "jpeg, png, …". */
export function boundsText(bounds: Bounds): string {
  const { min, max, unit, readings, tiers, when, severity, ...rest } = bounds;
  const parts = [
    rangeText(min, max),
    ...Object.entries(rest).map(([key, value]) =>
      Object.hasOwn(operators, key)
        ? operators[key]?.(value)
        : `${key} ${isBounds(value) ? boundsText(value) : value}`,
    ),
  ].filter((part) => part !== null);
  // Such a row has only observations.
  if (parts.length === 0 && !readings && !tiers) return "no documented limit";
  const text = `${parts.join(", ")}${unit === undefined ? "" : ` ${unit}`}`;
  const others = Array.isArray(readings)
    ? readings.map((reading) => `; or read as ${boundsText(reading)}`).join("")
    : "";
  return `${text}${others}${tiersText(tiers)}${conditionText(when)}${severity === undefined ? "" : " (a note, never blocks)"}`.trimStart();
}

function rangeText(min: unknown, max: unknown): string | null {
  if (min !== undefined && max !== undefined) return `${min} – ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? null : `at most ${max}`;
}

function tiersText(tiers: unknown): string {
  if (!isBounds(tiers)) return "";
  const sizes = Object.entries(tiers).map(
    ([tier, list]) => `${tier}: ${(list as number[][]).map((size) => size.join("×")).join(" ")}`,
  );
  return `; tiers ${sizes.join("; ")}`;
}

function conditionText(when: unknown): string {
  if (!isBounds(when)) return "";
  const conditions = Object.entries(when).map(([fact, limit]) => {
    const { required, forbidden: _, ...bounds } = limit as Bounds;
    if (Object.keys(bounds).length > 0) return `${fact} ${boundsText(bounds)}`;
    return `${fact} ${required ? "present" : "absent"}`;
  });
  return `; only if ${conditions.join(" and ")}`;
}

function list(value: unknown): string {
  return (value as unknown[]).join(", ");
}

const isBounds = (value: unknown): value is Bounds => typeof value === "object" && value !== null;
