import type { Evidence } from "../facts/evidence.ts";
import { type Limit, violatedOperator } from "./limit.ts";
import type { Property } from "./properties.ts";
import { alwaysHas, canEvaluate, readingsOf, unreadOf, unreadRest } from "./readings.ts";

/** One fact of a row's `when`, with all readings of its limit. */
export interface Condition {
  property: Property;
  limits: Limit[];
  required: boolean;
  forbidden: boolean;
}

/** Whether a row applies: to no reading of the facts, to all, to some, or unknown. */
export interface Applies {
  answer: "no" | "yes" | "some" | "unknown";
  /** The fact because of which the answer is `some` or `unknown`. */
  property: Property | null;
}

/** A row applies if all of its conditions hold. It does not if one fails under every reading. */
export function applies(conditions: readonly Condition[], evidence: Evidence): Applies {
  const answers = conditions.map((condition) => ({
    property: condition.property,
    answer: holds(condition, evidence),
  }));
  if (answers.some(({ answer }) => answer === "no")) return { answer: "no", property: null };
  const open =
    answers.find(({ answer }) => answer === "unknown") ?? answers.find(({ answer }) => answer === "some");
  return open ?? { answer: "yes", property: null };
}

function holds({ property, limits, required, forbidden }: Condition, evidence: Evidence): Applies["answer"] {
  const values = readingsOf(evidence, property).map(({ value }) => value);
  const usable = values.filter(canEvaluate);
  const always = alwaysHas(evidence, property);
  const unread = unreadOf(evidence, property) ?? (usable.length === 0 ? unreadRest(evidence) : null);
  if (unread || usable.length < values.length || (usable.length === 0 && always)) return "unknown";
  // An absent fact satisfies no bound.
  if (usable.length === 0) return forbidden ? "yes" : "no";
  if (forbidden) return "no";
  if (required && limits.length === 0) return "yes";
  const satisfied = usable.flatMap((value) => limits.map((limit) => violatedOperator(limit, value) === null));
  return satisfied.includes(false) ? (satisfied.includes(true) ? "some" : "no") : "yes";
}
