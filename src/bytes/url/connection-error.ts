import { type ErrorCode, MediaPreflightError } from "../../errors.ts";
import type { NotPublic } from "./address.ts";
import { redactUrl } from "./redact.ts";

/** Why a URL does not give the bytes, as data: it becomes a finding if it says something about the URL. */
export type UrlTrouble =
  | { kind: "scheme"; scheme: string }
  | { kind: "private"; why: NotPublic; host: string; redirected: boolean }
  | { kind: "redirects"; hops: number }
  | { kind: "encoded"; encoding: string }
  | { kind: "proxy"; host: string }
  | { kind: "status"; status: number; url: URL; head: Uint8Array; contentType: string | null };

/** A URL that may not be fetched, or does not answer with the bytes. Its query string is never on it. */
export class UrlFault extends MediaPreflightError {
  override readonly name: string = "UrlFault";
  readonly trouble: UrlTrouble;

  constructor(url: URL, trouble: UrlTrouble) {
    const { code, message, hint } = describe(trouble);
    const shown = redactUrl(url);
    super(code, `${shown}: ${message}`, {
      url: shown,
      hint,
      retryable: code === "network" && trouble.kind !== "proxy",
    });
    // Not enumerable: the URL in it has its query.
    this.trouble = trouble;
    Object.defineProperty(this, "trouble", { enumerable: false });
  }
}

function describe(trouble: UrlTrouble): { code: ErrorCode; message: string; hint: string } {
  switch (trouble.kind) {
    case "scheme":
      return {
        code: "url-refused",
        message: `${trouble.scheme} is not http(s)`,
        hint: "use a public https address",
      };
    case "private":
      return {
        code: "url-refused",
        message: `${trouble.host} is not a public address (${trouble.why})${trouble.redirected ? ", after a redirect" : ""}`,
        hint: "use an address that anybody on the internet can fetch",
      };
    case "redirects":
      return {
        code: "url-refused",
        message: `more than ${trouble.hops} redirects`,
        hint: "use the final address",
      };
    case "proxy":
      return {
        code: "network",
        message: `the proxy did not connect to ${trouble.host} by its IP address`,
        hint: "ask the proxy's administrator to allow CONNECT to IP addresses, or check it without the proxy",
      };
    case "encoded":
      return {
        code: "unreadable",
        message: `answers with Content-Encoding: ${trouble.encoding}, though it was asked for uncompressed bytes`,
        hint: "serve media without compression",
      };
    case "status": {
      const busy = trouble.status >= 500 || trouble.status === 429;
      return {
        code: busy ? "network" : "unreadable",
        message: `answered ${trouble.status}`,
        hint: busy ? "try again later" : "open it in a private window: it has to work there",
      };
    }
  }
}
