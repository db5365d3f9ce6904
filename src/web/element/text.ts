import type { Messages } from "../../report/messages/en.ts";
import { loadMessages } from "../../report/messages/locales.ts";
import { type ElementTexts, english } from "../locales/en.ts";

/** A language: the element's words, and the messages of reports. */
export interface ElementLocale {
  texts: ElementTexts;
  messages: Messages;
}

type Load = () => ElementLocale | Promise<ElementLocale>;

const known: Record<string, Load> = {
  en: async () => ({ texts: english, messages: await loadMessages() }),
  "zh-CN": async () => {
    const [{ zhCN }, messages] = await Promise.all([import("../locales/zh-CN.ts"), loadMessages("zh-CN")]);
    return { texts: zhCN, messages };
  },
};

/** Adds a language, or replaces one: `addLocale("de", { texts, messages })`, or a function that loads it. */
export function addLocale(tag: string, locale: ElementLocale | Load): void {
  known[tag] = typeof locale === "function" ? locale : () => locale;
}

/** The language of a tag: itself, else the first of the same language, else English. */
export async function loadLocale(tag: string): Promise<ElementLocale> {
  const [language = ""] = tag.toLowerCase().split("-");
  const tags = Object.keys(known);
  const best =
    tags.find((one) => one.toLowerCase() === tag.toLowerCase()) ??
    tags.find((one) => one.toLowerCase().split("-")[0] === language) ??
    "en";
  return (known[best] as Load)();
}
