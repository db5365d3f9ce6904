import { escapeControls } from "./escape.ts";
import type { Messages } from "./messages/en.ts";
import { formatNumber } from "./units.ts";

/** A message by its key, with the values that fill its places. Plain data: it survives JSON and copies. */
export interface Text {
  key: string;
  values?: Readonly<Record<string, TextValue>>;
}

/** Numbers are written as the locale writes them; lists read "a, b or c". */
export type TextValue = string | number | Text | readonly TextValue[];

/** A shorter way to write a Text. */
export function text(key: string, values?: Readonly<Record<string, TextValue>>): Text {
  return values ? { key, values } : { key };
}

/** Says a text of a flat catalogue by its key, with its {names} filled in; a key that it lacks is its own text. */
export type Say = (
  key: string | undefined,
  values?: Readonly<Record<string, string | number | undefined>>,
) => string;

/** The element's own words. */
export function teller(texts: Readonly<Record<string, string | undefined>>): Say {
  return (key = "", values = {}) =>
    (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** Texts of a parsed report are untrusted; ours are nested three deep at most. */
const maxDepth = 8;

/** A text in the words of a locale. A key that the locale lacks stands for itself. */
export function fill({ key, values = {} }: Text, messages: Messages, depth = 0): string {
  const template = Object.hasOwn(messages, key) ? messages[key as keyof Messages] : undefined;
  if (template === undefined || depth > maxDepth) return escapeControls(String(key));
  const words = (value: TextValue | undefined): string => {
    if (typeof value === "number") return formatNumber(value, 6, messages.locale);
    if (typeof value === "string") return escapeControls(value);
    if (!Array.isArray(value)) return value ? fill(value as Text, messages, depth + 1) : "";
    const items = value.map(words);
    const last = items.pop() ?? "";
    return items.length ? items.join(messages.comma) + messages.or + last : last;
  };
  return template.replace(/\{(\w+)\}/g, (_, name: string) =>
    words(Object.hasOwn(values, name) ? values[name] : undefined),
  );
}
