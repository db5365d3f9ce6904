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
  address: "Address of {name}",
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
  "error.network": "The connection was lost. Nothing is lost here: try again when it is back.",
  "error.timeout": "It took too long. Try again.",
  "error.rate-limited": "The server is busy. Try again in a moment.",
  "error.too-large": "The server does not take files this large.",
  "error.unauthorized": "The server asks you to sign in.",
  "error.forbidden": "The server does not take files from this page.",
  "error.server": "The server failed.",
  "error.refused": "The server checked it again and refused it.",
  "error.unreadable": "It could not be read. Was it moved, changed or deleted?",
  "error.outcome-unknown": "The answer was lost: it may have been registered. Look before you try again.",
};

/** The keys that a locale translates. */
export type ElementTexts = Readonly<Record<keyof typeof english, string>>;

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
