import { loadModule } from "../../async/load-module.ts";
import type { FixMessages } from "../../fix/messages.ts";
import type { Messages } from "../../report/messages/en.ts";
import { loadMessages } from "../../report/messages/locales.ts";
import { type ElementTexts, english } from "../locales/en.ts";
import type { FixTexts } from "../locales/fix/en.ts";

/** A language: the element's texts, and the messages of reports. What is left out is in English. */
export interface ElementLocale {
  /** BCP 47 */
  tag: string;
  texts: ElementTexts;
  messages: Messages;
  /** Texts about fixing files, and of plans (`FixMessages`). */
  fix?: Partial<FixTexts & FixMessages> | undefined;
}

/** A language given to `addLocale`. */
export type GivenLocale = Omit<ElementLocale, "tag">;
/** Loads a language when it is first needed. */
export type LoadLocale = () => GivenLocale | Promise<GivenLocale>;

const known: Record<string, LoadLocale> = {
  en: async () => ({ texts: english, messages: await loadMessages() }),
  "zh-CN": async () => {
    const [{ zhCN }, messages] = await Promise.all([
      loadModule(() => import("../locales/zh-CN.ts")),
      loadMessages("zh-CN"),
    ]);
    return { texts: zhCN, messages };
  },
};

/** Adds a language, or replaces one: `addLocale("de", { texts, messages })`, or a function that loads it. */
export function addLocale(tag: string, locale: GivenLocale | LoadLocale): void {
  known[tag] = typeof locale === "function" ? locale : () => locale;
}

/** The language of a tag: itself, else the first of the same language, else English; also where it cannot be loaded. */
export async function loadLocale(wanted: string): Promise<ElementLocale> {
  const [language = ""] = wanted.toLowerCase().split("-");
  const tags = Object.keys(known);
  const tag =
    tags.find((one) => one.toLowerCase() === wanted.toLowerCase()) ??
    tags.find((one) => one.toLowerCase().split("-")[0] === language) ??
    "en";
  const en = { tag: "en", texts: english, messages: await loadMessages() };
  try {
    const { texts, messages, fix } = await (known[tag] as LoadLocale)();
    return { tag, texts: { ...english, ...texts }, messages: { ...en.messages, ...messages }, fix };
  } catch {
    return en;
  }
}
