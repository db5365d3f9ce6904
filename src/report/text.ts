import { escapeControls } from "./escape.ts";
import type { Messages } from "./messages/en.ts";
import { formatNumber } from "./units.ts";

/** A message key with the values of its placeholders. Plain data: it survives JSON and copies. */
export interface Text {
  key: string;
  values?: Readonly<Record<string, TextValue>>;
}

/** Numbers are formatted by the locale; lists read "a, b or c". */
export type TextValue = string | number | Text | readonly TextValue[];

/** Creates a Text. */
export function text(key: string, values?: Readonly<Record<string, TextValue>>): Text {
  return values ? { key, values } : { key };
}

/** Returns the text of a key with its {names} filled in. A key without a text is returned unchanged. */
export type Translate = (
  key: string | undefined,
  values?: Readonly<Record<string, string | number | undefined>>,
) => string;

/** Creates a Translate for the texts of a page. */
export function createTranslate(texts: Readonly<Record<string, string | undefined>>): Translate {
  return (key = "", values = {}) =>
    (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** Texts of a parsed report are untrusted; our own are nested at most four deep. */
const maxDepth = 8;

/** A text in the language of `messages`. A key that it lacks is shown as it is. */
export function fill({ key, values = {} }: Text, messages: Messages, depth = 0): string {
  const template = Object.hasOwn(messages, key) ? messages[key as keyof Messages] : undefined;
  if (template === undefined || depth > maxDepth) return escapeControls(String(key));
  const format = (value: TextValue | undefined): string => {
    if (typeof value === "number") return formatNumber(value, 6, messages.locale);
    if (typeof value === "string") return escapeControls(value);
    if (!Array.isArray(value)) return value ? fill(value as Text, messages, depth + 1) : "";
    const items = value.map(format);
    const last = items.pop() ?? "";
    return items.length ? items.join(messages.comma) + messages.or + last : last;
  };
  return template.replace(/\{(\w+)\}/g, (_, name: string) =>
    format(Object.hasOwn(values, name) ? values[name] : undefined),
  );
}
