/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** A parsed answer: `data` is the payload, `top` the enclosing object. */
export interface Envelope {
  data: Fields | readonly unknown[];
  top: Fields;
  /** The envelope's error, or null: HTTP 200 can carry one. */
  error: { code: string } | null;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses JSON, keeping integers too large for a double as text: an id must not change. On platforms that do not pass the
 * source text to a reviver, they stay numbers.
 */
export function parseJson(text: string): unknown {
  const exact = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
      ? context?.source
      : value;
  return JSON.parse(text, exact);
}

/**
 * Unwraps `{code, message?, data}`. `data` is unwrapped only if it is an object or an array and there is `code` or
 * `data.id`; `code` means success if it is 0 or 200 to 299, as a number or text.
 * @returns null if it is neither an object nor an array
 */
export function unwrap(body: unknown): Envelope | null {
  if (Array.isArray(body)) return { data: body, top: {}, error: null };
  if (!isFields(body)) return null;
  const { code, data } = body;
  const coded = typeof code === "number" || typeof code === "string";
  const error = coded && !isSuccess(code) ? { code: String(code) } : null;
  const inside = isFields(data) || Array.isArray(data);
  const unwraps = inside && (coded || (isFields(data) && data.id !== undefined));
  return { data: unwraps ? data : body, top: body, error };
}

function isSuccess(code: number | string): boolean {
  const value = Number(code);
  return String(code).trim() !== "" && (value === 0 || (value >= 200 && value < 300));
}

/** The service's error text: `msg`, then `message`, then `error` (text, or an object with one of them). */
export function errorText(body: unknown): string | null {
  if (!isFields(body)) return null;
  for (const text of [body.msg, body.message, body.error]) {
    if (typeof text === "string" && text.trim() !== "") return text;
    const inner = isFields(text) ? errorText(text) : null;
    if (inner) return inner;
  }
  return null;
}

/** The service's own code in an error answer, if it is more than the HTTP status. */
export function upstreamCodeOf(body: unknown): string | null {
  if (!isFields(body)) return null;
  const inner = isFields(body.error) ? body.error.code : null;
  const data = isFields(body.data) ? (body.data.error_code ?? body.data.code) : null;
  for (const candidate of [body.error_code, inner, data, body.code]) {
    const code = stripCode(candidate);
    if (code && !/^[1-5]\d\d$|^0$/.test(code)) return code;
  }
  // Some answers have the code in the text only: "InvalidParameter.DurationTooLong: …".
  return /\bInvalidParameter\.([A-Za-z.]{3,80}[A-Za-z])/.exec(errorText(body) ?? "")?.[1] ?? null;
}

/** An upstream code as text without "InvalidParameter."; null for none. */
export function stripCode(code: unknown): string | null {
  if (typeof code !== "string" && typeof code !== "number") return null;
  const text = String(code).trim().slice(0, 120);
  return text === "" ? null : text.replace(/^InvalidParameter\./i, "");
}
