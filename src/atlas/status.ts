import type { ErrorCode } from "../errors.ts";
import type { Host } from "./error.ts";

/** The error code for an HTTP status, or for the code of an envelope that looks like one. */
export function codeOfStatus(status: number): ErrorCode {
  const known: Partial<Record<number, ErrorCode>> = {
    400: "invalid-request",
    401: "unauthorized",
    402: "payment-required",
    403: "forbidden",
    404: "not-found-upstream",
    408: "timeout",
    413: "too-large",
    422: "unprocessable",
    425: "server",
    429: "rate-limited",
    451: "legally-unavailable",
  };
  const code = known[status];
  if (code) return code;
  if (status >= 500 && status < 600) return "server";
  return status >= 400 && status < 500 ? "invalid-request" : "protocol";
}

/** Whether the same request may succeed later, unchanged. */
export function isRetryableStatus(status: number): boolean {
  return (
    status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status < 600)
  );
}

/** What to do next, by status: this service answers 401 where others say 404. */
export function hintOfStatus(status: number, host: Host, html: boolean): string | undefined {
  const other = host === "console" ? "api" : "console";
  switch (status) {
    case 400:
      return "the service refuses what was asked for: look at its message";
    case 401:
      return (
        `is the key right, and is it one for the ${host} host? An unknown path answers 401 too: ` +
        `is the ${host} base URL right, and not that of the ${other} host?`
      );
    case 402:
      return "top up the account, then run it again";
    case 403:
      return html
        ? "a proxy or firewall answered, not the service: try again later, or from another network"
        : "the account may not do this: look at the plan and the rights of the key";
    case 404:
      return `nothing has that id there: was it deleted, or made with another key? Is the ${host} base URL right?`;
    case 413:
      return "the service takes at most 50 MB, at times less: make the file smaller, or give a public URL of it";
    case 422:
      return "the service understood the request and refuses it: look at its message";
    case 429:
      return "wait a minute, or send less at once";
    case 451:
      return "refused for legal reasons: another file, or another region";
    default:
      return status >= 500 ? "the service is in trouble: try again later" : undefined;
  }
}
