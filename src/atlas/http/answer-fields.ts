import * as v from "valibot";
import { redactText } from "../../bytes/url/redact.ts";

// A field of an unexpected type becomes null: the rest of the answer remains usable.

export const text = v.fallback(v.nullish(v.string(), null), null);

export const idText = v.fallback(
  v.nullish(
    v.pipe(
      v.union([v.string(), v.number()]),
      v.transform(String),
      v.trim(),
      v.minLength(1),
      v.maxLength(256),
    ),
    null,
  ),
  null,
);

export const codeText = v.fallback(v.nullish(v.union([v.string(), v.number()]), null), null);

/** A message of the service without the query strings of URLs in it: they may be signed. */
export function redacted(message: string | null): string | null {
  return message === null ? null : redactText(message);
}

/** The value if it is an http(s) URL, else null. */
export function httpUrl(value: unknown): string | null {
  return typeof value === "string" && /^https?:\/\//i.test(value) && URL.canParse(value) ? value : null;
}
