import type { ErrorCode } from "../../errors.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { Report } from "../../report/report.ts";

/** An error response, as the page sees it: with fixed texts only, never those of the service. */
export class Problem {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly report: Report | null;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    more: { hint?: string; headers?: Record<string, string>; report?: Report } = {},
  ) {
    this.status = status;
    this.code = code;
    this.message = message;
    this.hint = more.hint ?? null;
    this.headers = more.headers ?? {};
    this.report = more.report ?? null;
  }

  /** The JSON body: `{error: {code, message, hint}}`, and `report` if the check refused the file. */
  body(): Record<string, unknown> {
    const { code, message, hint, report } = this;
    return { error: { code, message, hint }, ...(report && { report }) };
  }
}

const secondsToWait = "30";

/** The error as the page sees it; `onEvent` gets the error itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = error instanceof MediaPreflightError ? error.code : null;
  switch (code) {
    case "aborted":
      return new Problem(499, "aborted", "the request was cancelled");
    case "timeout":
      return new Problem(504, "timeout", "the service took too long", { hint: "try again later" });
    case "rate-limited":
      return new Problem(503, "rate-limited", "the service is busy", {
        hint: "try again in a while",
        headers: { "retry-after": secondsToWait },
      });
    case "too-large":
      return new Problem(413, "too-large", "the service found the file too large", {
        hint: "make the file smaller",
      });
    case "not-found-upstream":
    case "asset-gone":
      return new Problem(404, "not-found-upstream", "the service no longer has this asset");
    case "outcome-unknown":
      return outcomeUnknown;
    case "network":
    case "protocol":
    case "server":
      return new Problem(502, code, "the service could not be reached, or answered with an error", {
        hint: "try again later",
      });
    case "invalid-request":
    case "unprocessable":
    case "legally-unavailable":
      return new Problem(502, code, "the service refused the request", {
        hint: "the server's log says more",
      });
    default:
      // A wrong key, no credit, a bug: the page must not see it.
      return new Problem(500, "server", "the server could not do this", {
        hint: "the server's log says why",
      });
  }
}

/** A registration may have taken effect: the same upload must not be registered blindly again. */
export const outcomeUnknown: Problem = new Problem(
  502,
  "outcome-unknown",
  "the file may or may not have been registered: the service's answer was lost",
  {
    hint: "repeat the same request later, which only searches for it; or look at the list of assets before sending the file again",
  },
);
