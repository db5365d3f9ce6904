import { type ErrorCode, MediaPreflightError } from "../../errors.ts";
import type { NotPublic } from "./address.ts";
import { redactUrl } from "./redact.ts";

/** Why an address does not give the bytes, as data: a finding is made of it where it says something of the URL. */
export type UrlTrouble =
  | { kind: "scheme"; scheme: string }
  | { kind: "private"; why: NotPublic; host: string; redirected: boolean }
  | { kind: "redirects"; hops: number }
  | { kind: "encoded"; encoding: string }
  | { kind: "status"; status: number; url: URL; head: Uint8Array; contentType: string | null };

/** An address that may not be fetched, or does not answer with the bytes. Its query string is never on it. */
export class UrlFault extends MediaPreflightError {
  override readonly name: string = "UrlFault";
  readonly trouble: UrlTrouble;

  constructor(url: URL, trouble: UrlTrouble) {
    const { code, message, hint } = tell(trouble);
    super(code, `${redactUrl(url)}: ${message}`, { hint, retryable: code === "network" });
    // Not enumerable: the address in it is whole.
    this.trouble = trouble;
    Object.defineProperty(this, "trouble", { enumerable: false });
  }
}

function tell(trouble: UrlTrouble): { code: ErrorCode; message: string; hint: string } {
  switch (trouble.kind) {
    case "scheme":
      return {
        code: "url-refused",
        message: `${trouble.scheme} is not http(s)`,
        hint: "give a public https address",
      };
    case "private":
      return {
        code: "url-refused",
        message: `${trouble.host} is not a public address (${trouble.why})${trouble.redirected ? ", after a redirect" : ""}`,
        hint: "give an address that anybody on the internet can fetch",
      };
    case "redirects":
      return {
        code: "url-refused",
        message: `more than ${trouble.hops} redirects`,
        hint: "give the final address",
      };
    case "encoded":
      return {
        code: "unreadable",
        message: `answers with Content-Encoding: ${trouble.encoding}, though identity was asked for`,
        hint: "serve media as they are, not compressed",
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
