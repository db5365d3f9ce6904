import type { ErrorCode } from "../../errors.ts";
import type { Host } from "../error.ts";

/** The error code for an HTTP status, or for an envelope's code that looks like one. */
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

/**
 * The error code for an account that is closed or in arrears, whatever the status (codes of the upstream platform:
 * AccountOverdueError, AccountClosed, …); null for anything else.
 */
export function accountClosed(
  upstreamCode: string | null,
  message: string | null,
  status: number,
): ErrorCode | null {
  if (status < 400 && upstreamCode === null) return null;
  if (/\baccount[\s._-]*(?:is\s+)?(?:overdue|in[\s_-]?arrears)/i.test(`${upstreamCode} ${message}`))
    return "payment-required";
  const closed =
    /\baccount[\s._-]*(?:is\s+|has\s+been\s+)?(?:closed|disabled|suspended|frozen|deactivated|banned)/i;
  return closed.test(`${upstreamCode} ${message}`) ? "forbidden" : null;
}

/** What to do next, by status: this service answers 401 for an unknown path. */
export function hintOfStatus(status: number, code: ErrorCode, host: Host, html: boolean): string | undefined {
  const other = host === "console" ? "api" : "console";
  if (code === "payment-required") return "top up the account, then run it again";
  if (code === "forbidden" && status !== 403)
    return "the account is closed or suspended: contact the service's support";
  switch (status) {
    case 400:
      return "the service refused the request: its message says why";
    case 401:
      return (
        `is the key right, and is it one for the ${host} host? An unknown path answers 401 too: ` +
        `is the ${host} base URL right, and not that of the ${other} host?`
      );
    case 403:
      return html
        ? "a proxy or firewall answered, not the service: try again later, or from another network"
        : "the account may not do this: check its plan and the rights of the key";
    case 404:
      return `nothing has that id: was it deleted, or created with another key? Is the ${host} base URL right?`;
    case 413:
      return "the service accepts at most 50 MB, sometimes less: make the file smaller, or give a public URL of it";
    case 422:
      return "the service understood the request and refused it: its message says why";
    case 429:
      return "wait a minute, or send fewer files at a time";
    case 451:
      return "refused for legal reasons: use another file, or another region";
    default:
      return status >= 500 ? "the service has a problem: try again later" : undefined;
  }
}
