import type { ErrorCode } from "../../errors.ts";
import type { Messages } from "../../report/messages/en.ts";
import { loadMessages } from "../../report/messages/locales.ts";

/** The element's own words, in English; a locale has the same keys. {names} are filled in. */
export const english = {
  drop: "Drop images, videos or sound here",
  "drop.image": "Drop images here",
  "drop.video": "Drop videos here",
  "drop.audio": "Drop sound here",
  "drop.now": "Let go to check",
  or: "or paste them",
  choose: "Choose files",
  promise: "Files are checked on this device, before anything is sent.",
  list: "Files",
  waiting: "Waiting",
  checking: "Checking…",
  pass: "Passes",
  unsure: "Unsure",
  fail: "Fails",
  note: "Note",
  unreadable: "Cannot be read",
  sending: "Sending…",
  registering: "Registering…",
  processing: "The service is processing it…",
  stopped: "Not sent",
  sent: "Sent",
  limits: "Limits",
  complete: "Completeness",
  send: "Send",
  "send.all": "Send {n}",
  cancel: "Cancel",
  retry: "Try again",
  remove: "Remove",
  clear: "Clear",
  copy: "Copy",
  copied: "Copied",
  progress: "Sending {name}",
  "of.name": "{action}: {name}",
  "say.added": "Files added: {n}.",
  "say.removed": "{name} removed.",
  "say.verdict": "{name}: {verdict}.",
  "say.verdicts": "Checked. {summary}.",
  "say.surplus": "Only {most} files can be taken; left out: {n}.",
  "count.pass": "{n} pass",
  "count.unsure": "{n} unsure",
  "count.fail": "{n} fail",
  "count.sent": "{n} sent",
  "unit.px": "px",
  "unit.s": "s",
  "unit.fps": "fps",
  "unit.Hz": "Hz",
  "unit.bit/s": "bit/s",
};

/**
 * The keys that a locale translates; and what could not be done, by the code of its error. Where a code has no text,
 * the error's own English message is shown.
 */
export type ElementTexts = Readonly<
  Record<keyof typeof english, string> & Partial<Record<`error.${ErrorCode}`, string>>
>;

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

export type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** Fills texts in. A key that no locale has is its own text. */
export const sayer =
  (texts: Readonly<Record<string, string>>): Say =>
  (key, values) =>
    (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values?.[name] ?? ""));
