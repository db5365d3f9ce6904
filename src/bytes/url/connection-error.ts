import { type ErrorCode, MediaPreflightError } from "../../errors.ts";
import type { NotPublic } from "./address.ts";
import { redactUrl } from "./redact.ts";

/** Why a URL does not return the bytes, as data. It becomes a finding if it is about the URL. */
export type UrlProblem =
  | { kind: "scheme"; scheme: string }
  | { kind: "private"; why: NotPublic; host: string; redirected: boolean }
  | { kind: "redirects"; hops: number }
  | { kind: "encoded"; encoding: string }
  | { kind: "proxy"; host: string }
  | { kind: "status"; status: number; url: URL; head: Uint8Array; contentType: string | null };

/** A URL that may not be fetched, or does not answer with the bytes. Its query string is never on it. */
export class UrlFault extends MediaPreflightError {
  override readonly name: string = "UrlFault";
  readonly problem: UrlProblem;

  constructor(url: URL, problem: UrlProblem) {
    const { code, message, hint } = describe(problem);
    const shown = redactUrl(url);
    super(code, `${shown}: ${message}`, {
      url: shown,
      hint,
      retryable: code === "network" && problem.kind !== "proxy",
    });
    // Not enumerable: the URL in it has its query.
    this.problem = problem;
    Object.defineProperty(this, "problem", { enumerable: false });
  }
}

function describe(problem: UrlProblem): { code: ErrorCode; message: string; hint: string } {
  switch (problem.kind) {
    case "scheme":
      return {
        code: "url-refused",
        message: `${problem.scheme} is not http(s)`,
        hint: "use a public https address",
      };
    case "private":
      return {
        code: "url-refused",
        message: `${problem.host} is not a public address (${problem.why})${problem.redirected ? ", after a redirect" : ""}`,
        hint: "use an address that anybody on the internet can fetch",
      };
    case "redirects":
      return {
        code: "url-refused",
        message: `more than ${problem.hops} redirects`,
        hint: "use the final address",
      };
    case "proxy":
      return {
        code: "network",
        message: `the proxy did not connect to ${problem.host} by its IP address`,
        hint: "ask the proxy's administrator to allow CONNECT to IP addresses, or check it without the proxy",
      };
    case "encoded":
      return {
        code: "unreadable",
        message: `answers with Content-Encoding: ${problem.encoding}, though uncompressed bytes were requested`,
        hint: "serve media without compression",
      };
    case "status": {
      const busy = problem.status >= 500 || problem.status === 429;
      return {
        code: busy ? "network" : "unreadable",
        message: `answered ${problem.status}`,
        hint: busy ? "try again later" : "open it in a private window: it has to work there",
      };
    }
  }
}
