import { loadModule } from "../async/load-module.ts";
import type { Facts } from "../facts/facts.ts";
import type { RuleResult } from "../rules/verdict.ts";
import type { FindingText } from "./describe/describe.ts";
import type { Messages } from "./messages/en.ts";
import { type Locale, loadMessages } from "./messages/locales.ts";
import type { Finding } from "./report.ts";
import { fill } from "./text.ts";

/** A finding's message and hint in one language. */
export interface Description {
  message: string;
  hint: string | null;
}

/**
 * Turns rule results into findings. A page loads the messages with its first finding: most files have none.
 * @throws MediaPreflightError `network` if a page cannot load them
 */
export async function renderResults(
  results: readonly RuleResult[],
  facts: Facts,
  locale?: Locale | Messages | null,
): Promise<Finding[]> {
  if (results.length === 0) return [];
  const [{ describe }, messages] = await Promise.all([
    loadModule(() => import("./describe/describe.ts")),
    loadMessages(locale),
  ]);
  return results.map((result) => {
    const { rule, verdict, reason, actual, limit, or, unit, readings } = result;
    return makeFinding(
      {
        rule,
        verdict,
        ...(reason ? { reason } : {}),
        actual,
        limit: limit && { ...limit, ...(or?.length ? { or } : {}) },
        unit,
        readings,
      } as FindingData,
      describe(result, facts),
      messages,
    );
  });
}

/** A finding without its message and hint. */
export type FindingData = Finding extends infer Each
  ? Each extends Finding
    ? Omit<Each, "message" | "hint" | "text" | "accepted">
    : never
  : never;

/** Adds message and hint in one language, and the keys and values from which other languages are made. */
export function makeFinding(data: FindingData, text: FindingText, messages: Messages): Finding {
  const { readings, ...rest } = data;
  return {
    ...rest,
    message: fill(text.message, messages),
    hint: text.hint && fill(text.hint, messages),
    readings,
    text,
  } as Finding;
}

/**
 * A finding's message and hint in another language: `describeFinding(finding, await loadMessages("zh-CN"))`. It works
 * on any copy, also on one parsed from JSON. A finding without `text` keeps its message and hint.
 */
export function describeFinding(finding: Finding, messages: Messages): Description {
  const { text } = finding as Partial<Finding>;
  if (typeof text?.message?.key !== "string" || !Object.hasOwn(messages, text.message.key))
    return { message: finding.message, hint: finding.hint };
  return { message: fill(text.message, messages), hint: text.hint ? fill(text.hint, messages) : null };
}
