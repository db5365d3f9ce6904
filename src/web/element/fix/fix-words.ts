import { loadModule } from "../../../async/load-module.ts";
import {
  type FixMessages,
  fixMessages,
  loadFixMessages,
  lossText,
  reasonText,
  stepText,
} from "../../../fix/messages.ts";
import type { CannotCode, FixPlan, FixStep, Loss } from "../../../fix/plan/types.ts";
import { createTranslate } from "../../../report/text.ts";
import { type FixTexts, fixEnglish } from "../../locales/fix/en.ts";
import type { Words } from "../words.ts";

/** What is said about fixing files, in one language. */
export interface FixWords extends Words {
  step(step: FixStep): string;
  loss(loss: Loss): string;
  /** Why there is no plan; null for a code that says something else. */
  reason(code: string, detail: string | null): string | null;
  /** All steps in one line: "scale to 1280×720; keep 14.9 s from 0 s on". */
  steps(plan: FixPlan): string;
  losses(plan: FixPlan): string;
}

/** The words for fixing files in the language of the element. What a language lacks is in English. */
export async function loadFixWords(words: Words): Promise<FixWords> {
  const { tag, isolate, fix: given = {} } = words;
  const chinese =
    tag === "zh-CN" ? (await loadModule(() => import("../../locales/fix/zh-CN.ts"))).fixZhCN : {};
  const texts: FixTexts = { ...fixEnglish, ...chinese, ...given };
  const messages: FixMessages = { ...fixMessages, ...(await loadFixMessages(tag)), ...given };
  const own = createTranslate(texts);
  const say: Words["say"] = (key, values) =>
    key && key in texts ? isolate(own(key, values)) : words.say(key, values);
  const step = (one: FixStep): string => isolate(stepText(forDisplay(one, texts), messages));
  const loss = (one: Loss): string => isolate(lossText(one, messages));
  return {
    ...words,
    say,
    step,
    loss,
    reason: (code, detail) =>
      Object.hasOwn(messages, `cannot.${code}`)
        ? isolate(reasonText({ code: code as CannotCode, detail }, messages))
        : null,
    steps: ({ steps }) => isolate(steps.map(step).join(say("fix.and"))),
    losses: ({ losses }) => isolate(losses.map(loss).join(say("fix.and"))),
  };
}

/** Seconds to the hundredth, and the name of a color that has one. */
function forDisplay(step: FixStep, texts: Readonly<Record<string, string>>): FixStep {
  if (step.kind === "pad") return { ...step, color: texts[`fix.color.${step.color}`] ?? step.color };
  if (step.kind !== "trim") return step;
  const short = (n: number): number => Math.round(n * 100) / 100;
  return { ...step, start: short(step.start), duration: short(step.duration) };
}
