import { loadModule } from "../../async/load-module.ts";
import type { Messages } from "./en.ts";

/**
 * Languages that come with this package; a page loads one when it has something to say. To add a language, add a file
 * beside this one and a line here.
 */
export const locales = {
  en: async (): Promise<Messages> => (await loadModule(() => import("./en.ts"))).en,
  "zh-CN": async (): Promise<Messages> => (await loadModule(() => import("./zh-CN.ts"))).zhCN,
} as const;

/** A language that comes with this package. */
export type Locale = keyof typeof locales;

/**
 * The messages of a language by its tag, or a `Messages` object as it is. Unknown tags give English.
 * @throws MediaPreflightError `network` if a page cannot load them
 */
export async function loadMessages(locale?: Locale | Messages | null): Promise<Messages> {
  if (locale && typeof locale === "object") return locale;
  return locales[locale && Object.hasOwn(locales, locale) ? locale : "en"]();
}
