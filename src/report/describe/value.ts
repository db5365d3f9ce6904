import type { Facts } from "../../facts/facts.ts";
import type { Limit, Operator } from "../../rules/limit.ts";
import type { Target } from "../../rules/target.ts";
import type { RuleResult } from "../../rules/verdict.ts";
import { type Text, type TextValue, text } from "../text.ts";

/** A value for a message: rounded, but not to the bound that it misses. */
export function shownValue(value: unknown, { subject, limit }: RuleResult): string | number {
  if (typeof value !== "number") return String(value ?? "");
  const round = (n: number, digits: number): number => Math.round(n * 10 ** digits) / 10 ** digits;
  const rounded = round(value, subject === "aspectRatio" ? 4 : 3);
  const { min, max, above, below } = limit ?? {};
  const misleading = [min, max, above, below].some(
    (bound = value) => bound !== value && Math.abs(bound - value) < 1e-3 && bound === rounded,
  );
  return misleading ? round(value, 6) : rounded;
}

/** The sides of a picture for a message, without digit grouping: 1280, not 1,280. */
export function pixelSize({ width, height }: Target): { width: string; height: string } {
  return { width: String(width), height: String(height) };
}

const described = new Set([
  "pixels",
  "aspectRatio",
  "width",
  "height",
  "duration",
  "frameRate",
  "size",
  "videoCodec",
  "audioCodec",
]);

/** A value with its property: "15.3 s long", "1920×1080 = 2,073,600 total pixels". */
export function valueText(result: RuleResult, value: RuleResult["actual"], facts: Facts): Text {
  const n = shownValue(value, result);
  const { subject, detail: { test, kind, index } = {} } = result;
  if (test) return text(`set.${test}`, { n, kind: text(kind ?? ""), index: index ?? "" });
  const own = described.has(subject) && (subject !== "pixels" || value === facts.pixels);
  if (!own) return text("value.other", { property: text(subject), n });
  const size = `${Math.round(facts.width ?? 0)}×${Math.round(facts.height ?? 0)}`;
  return text(`value.${subject}`, { n, size });
}

/** "50 MB (50,000,000 or 52,428,800 bytes)" if the table's unit has several readings; otherwise the bound itself. */
export function boundText(
  result: RuleResult,
  operator: Operator,
  bound: unknown = result.limit?.[operator],
): TextValue {
  const { printed } = result;
  const stated = printed?.limit[operator];
  if (typeof stated !== "number" || typeof bound !== "number") return shownValue(bound, result);
  const bytes = printed?.unit === "MB" ? [bound, stated * 2 ** 20] : [bound];
  return text("bound.bytes", { n: stated, unit: printed?.unit ?? "", bytes: [...new Set(bytes)] });
}

const sides = { min: "from", above: "moreThan", max: "upTo", below: "lessThan" } as const;

/** A limit as text: "2 – 15", "up to 50 MB (…)", "mp4 or mov". `plain` leaves out the table's own unit. */
export function limitText(result: RuleResult, limit: Limit, plain = false): TextValue {
  const bound = (operator: Operator): TextValue =>
    plain ? shownValue(limit[operator], result) : boundText(result, operator, limit[operator]);
  if (limit.min !== undefined && limit.max !== undefined)
    return text("range", { min: bound("min"), max: bound("max") });
  const stated = (Object.keys(sides) as (keyof typeof sides)[])
    .filter((side) => limit[side] !== undefined)
    .map((side) => text(sides[side], { n: bound(side) }));
  const [first, second] = stated;
  if (first) return second ? text("both", { first, second }) : first;
  return limit.in ?? limit.ratios ?? (limit.equals === undefined ? "" : [String(limit.equals)]);
}
