import { loadModule } from "../../async/load-module.ts";
import { en, type Messages } from "./en.ts";

/** Languages that come with this package. A new one: a file beside this one, and a line here. */
export const locales = {
  en: (): Messages => en,
  "zh-CN": async (): Promise<Messages> => (await loadModule(() => import("./zh-CN.ts"))).zhCN,
} as const;

/** A language that comes with this package. */
export type Locale = keyof typeof locales;

/** The messages of a language, by its tag, or as an object of one's own; English where it is unknown. */
export function loadMessages(locale?: Locale | Messages | null): Messages | Promise<Messages> {
  if (!locale) return en;
  if (typeof locale === "object") return locale;
  return Object.hasOwn(locales, locale) ? locales[locale]() : en;
}
