import type { Messages } from "../../report/messages/en.ts";
import { makeFinding } from "../../report/render.ts";
import type { Finding } from "../../report/report.ts";
import { type Text, type TextValue, text } from "../../report/text.ts";

/** The actual value of a finding, its unit, and the values in its message. */
interface FindingValues {
  actual: Finding["actual"];
  unit?: "s";
  [name: string]: TextValue | null | undefined;
}

/**
 * Makes a finding about a URL; its texts are `url.<key>` and `url.<hint>`. The reason of an `unsure` one is `unread`.
 * @param hint the key of the hint, if it is not `<key>.hint`
 */
export type MakeFinding = (
  rule: string,
  verdict: "fail" | "unsure" | "note",
  key: string,
  values: FindingValues,
  hint?: string,
) => Finding;

export function findingMaker(messages: Messages): MakeFinding {
  return (rule, verdict, key, { actual, unit, ...values }, hint = `${key}.hint`) => {
    const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
    const textOf = (name: string): Text => text(`url.${name}`, known as Record<string, TextValue>);
    const data = { rule, actual, limit: null, unit: unit ?? null, readings: [] };
    const texts = {
      message: textOf(key),
      hint: Object.hasOwn(messages, `url.${hint}`) ? textOf(hint) : null,
    };
    if (verdict === "fail") return makeFinding({ ...data, verdict, reason: "limit" }, texts, messages);
    if (verdict === "unsure") return makeFinding({ ...data, verdict, reason: "unread" }, texts, messages);
    return makeFinding({ ...data, verdict }, texts, messages);
  };
}

/** A duration in the largest fitting unit. */
export function durationText(seconds: number): Text {
  const rounded = (key: string, unit: number): Text => text(`url.${key}`, { n: Math.round(seconds / unit) });
  if (seconds < 120) return rounded("seconds", 1);
  if (seconds < 7200) return rounded("minutes", 60);
  return seconds < 172_800 ? rounded("hours", 3600) : rounded("days", 86_400);
}
