import type { Facts } from "../../facts/facts.ts";
import { violatedOperator } from "../../rules/limit.ts";
import type { RuleResult } from "../../rules/verdict.ts";
import { type Text, type TextValue, text } from "../text.ts";
import { boundText, limitText, shownValue, valueText } from "./value.ts";

/** The message that compares a value with its limit. */
export function limitMessage(result: RuleResult, facts: Facts): Text {
  const { limit, operator, observed } = result;
  const value = valueText(result, result.actual, facts);
  if (result.detail?.presence) return text(result.detail.presence, { value, property: text(result.subject) });
  if (!operator) {
    const whole = limitText(result, limit ?? {});
    return whole === "" ? value : text("pass", { value, limit: whole });
  }
  const base = withOtherDocument(violationText(result, facts), result);
  if (!observed) return base;
  return text("accepted", {
    text: base,
    limit: limitText({ ...result, printed: undefined as never }, observed.limit, true),
    checked: observed.checked,
    confidence: text(observed.confidence),
  });
}

/** Adds that another document of the service would accept the value. */
function withOtherDocument(message: Text, result: RuleResult): Text {
  const { alsoDocumented } = result;
  if (!alsoDocumented) return message;
  const limit = limitText({ ...result, printed: undefined as never }, alsoDocumented.limit, true);
  return text("alsoDocumented", { text: message, document: text(alsoDocumented.by), limit });
}

/** The message for the violated operator, and for which readings if not all violate it. */
function violationText(result: RuleResult, facts: Facts): Text {
  const { operator, limit, actual } = result;
  const resolved = result.verdict === "note" && result.observed !== undefined;
  if (result.reason !== "reading" && !resolved) return violationMessage(result, facts, actual);
  if (readingsDisagree(result))
    return text("unsure.readings", {
      property: text(result.subject === "set" ? "duration" : result.subject),
      readings: result.readings.map(({ value, from }) =>
        text("reading", { n: shownValue(value, result), from: text(from) }),
      ),
      limit: limitText(result, limit ?? {}),
    });
  const other = result.or?.find((l) => operator && l[operator] !== undefined)?.[operator ?? "min"];
  if (actual !== null && actual === other && limit?.[operator ?? "min"] === undefined)
    return text("edge", { value: valueText(result, actual, facts) });
  const printed = result.printed?.limit[operator ?? "max"];
  const twoMegabytes =
    typeof printed === "number" && typeof actual === "number" && actual <= printed * 2 ** 20;
  if (result.printed?.unit === "MB" && twoMegabytes)
    return text("unsure.megabytes", {
      value: valueText(result, actual, facts),
      n: printed,
    });
  return text("unsure.limit", {
    text: violationMessage(result, facts, actual),
    limits: (result.or ?? []).map((l) => limitText(result, l, true)),
  });
}

/** Whether the file's readings are on different sides of the first reading of the limit. */
export function readingsDisagree({ limit, readings }: RuleResult): boolean {
  const outside = readings.filter(
    ({ value }) => value !== null && limit !== null && violatedOperator(limit, value) !== null,
  );
  return outside.length > 0 && outside.length < readings.length;
}

const units = new Set(["s", "fps", "px"]);

/** "15 s", beside "15.3 s long". A number of pixels is named by its value. */
function withUnit(bound: TextValue, { subject, unit }: RuleResult): TextValue {
  if (typeof bound !== "number" || subject === "pixels" || unit === null || !units.has(unit)) return bound;
  return text(`bound.${unit}`, { n: bound });
}

function violationMessage(result: RuleResult, facts: Facts, actual: RuleResult["actual"]): Text {
  const { limit, operator = "max", or } = result;
  const { min, above, max, below } = limit ?? {};
  const twoSided = (min ?? above) !== undefined && (max ?? below) !== undefined;
  const stated = limit?.[operator] ?? or?.find((l) => l[operator] !== undefined)?.[operator];
  return text(operator, {
    value: valueText(result, actual, facts),
    bound: withUnit(boundText(result, operator, stated), result),
    list: limit?.in ?? limit?.ratios ?? [],
    whole: twoSided ? text("whole", { limit: limitText(result, limit ?? {}) }) : "",
  });
}
