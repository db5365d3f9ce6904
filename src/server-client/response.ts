import type { ErrorCode } from "../errors.ts";
import type { Report } from "../report/report.ts";
import { ServerClientError } from "./error.ts";

/** An asset as the handler shows it to a page. */
export type PageAsset = Readonly<Record<string, unknown>> & { id?: unknown };

/** The codes of the protocol, and the status that means each if the body states no code. */
const codes = {
  usage: 400,
  "invalid-request": 400,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  "not-found-upstream": 404,
  timeout: 504,
  "too-large": 413,
  refused: 422,
  "rate-limited": 503,
  aborted: 499,
  server: 500,
  network: 502,
  protocol: 502,
  unprocessable: 502,
  "legally-unavailable": 502,
  "outcome-unknown": 502,
} as const satisfies Partial<Record<ErrorCode, number>>;

const retryable: ReadonlySet<ErrorCode> = new Set(["timeout", "rate-limited", "network", "server"]);

/** The JSON of a successful answer. @throws ServerClientError for any other */
export function answerOf(status: number, text: string): unknown {
  const body = parsed(text);
  if (status >= 200 && status < 300 && body !== null) return body;
  throw errorOf(status, body);
}

/** The error in a body, or the error for a status. */
export function errorOf(status: number, body: unknown): ServerClientError {
  const { error, report } = (body ?? {}) as { error?: Record<string, unknown>; report?: Report };
  const knownCode = Object.keys(codes).find((code) => code === error?.code) as ErrorCode | undefined;
  const code = knownCode ?? (status >= 500 ? "server" : (codeOf(status) ?? "protocol"));
  const message = typeof error?.message === "string" ? error.message : `the server answered ${status}`;
  const hint = typeof error?.hint === "string" ? error.hint : undefined;
  const again = retryable.has(code) && !(code === "server" && knownCode);
  // The handler knows what took effect; another responder, such as a proxy, does not.
  const outcome = code === "outcome-unknown" || (!knownCode && status >= 500) ? "unknown" : "none";
  const details = { hint, status, report: report ?? null, retryable: again, outcome } as const;
  return new ServerClientError(code, message, details);
}

function codeOf(status: number): ErrorCode | undefined {
  return (Object.keys(codes) as (keyof typeof codes)[]).find((code) => codes[code] === status);
}

/** JSON, or null. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
