/** Removes secrets from a text. */
export type Scrub = (text: string) => string;

/**
 * Removes a key from a text, in all forms in which it may appear: as it is, and percent-encoded. A key of fewer than
 * `minLength` characters is not removed: it could be any word, and no real key is that short.
 */
export function keyScrubber(key: string, minLength: number): Scrub {
  if (key.length < minLength) return (text) => text;
  const forms = [...new Set([key, encodeURIComponent(key), encodeURI(key)])];
  return (text) => forms.reduce((out, form) => out.replaceAll(form, "[key]"), text);
}

/**
 * An error's name, message and code and nothing else: errors of HTTP libraries contain the request with its headers, and
 * so the key, and Node.js prints them.
 */
export function plainCause(error: unknown, scrub: Scrub, depth = 0): Error | undefined {
  if (error === undefined || error === null) return undefined;
  const { name, message, code, cause } = error as Record<string, unknown>;
  const text = typeof message === "string" ? message : typeof error === "string" ? error : "";
  const inner = depth < 4 ? plainCause(cause, scrub, depth + 1) : undefined;
  const plain = new Error(scrub(text).slice(0, 500), inner && { cause: inner });
  if (typeof name === "string") Object.defineProperty(plain, "name", { value: name.slice(0, 80) });
  // The stack of this copy would not show where the error occurred.
  plain.stack = `${plain.name}: ${plain.message}`;
  return typeof code === "string" ? Object.assign(plain, { code: code.slice(0, 80) }) : plain;
}

/** Whether the error, or one of its causes, has one of these codes or names. */
export function causedBy(error: unknown, names: ReadonlySet<string>, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 5) return false;
  const { name, code, cause } = error as Record<string, unknown>;
  return names.has(String(code)) || names.has(String(name)) || causedBy(cause, names, depth + 1);
}
