import { UrlFault } from "../../bytes/url/connection-error.ts";
import type { UrlGet } from "../../bytes/url/get.ts";
import { UrlBudgetSpent } from "../../bytes/url/url-budget.ts";
import { MediaPreflightError } from "../../errors.ts";
import type { Finding } from "../../report/report.ts";
import type { TransportRules } from "../../rules/schema.ts";
import type { MakeFinding } from "./url-finding.ts";

/** What a table requires of the URL itself: `url/https`, `url/length`. */
export function addressFindings(
  address: string,
  url: URL,
  { https, urlLength }: TransportRules,
  make: MakeFinding,
): Finding[] {
  const findings: Finding[] = [];
  if (https && url.protocol === "http:")
    findings.push(make("url/https", "fail", "https", { actual: "http:" }, "scheme.hint"));
  const length = address.length;
  const max = urlLength?.max;
  if (max !== undefined && length > max)
    findings.push(make("url/length", "fail", "length", { actual: length, n: length, max }, "cdn.hint"));
  return findings;
}

/** What a table requires of redirects: `url/redirect`. */
export function redirectFindings(hops: number, { redirects }: TransportRules, make: MakeFinding): Finding[] {
  const max = redirects?.max;
  if (max === undefined || hops <= max) return [];
  return [make("url/redirect", "fail", "redirectsOver", { actual: hops, n: hops, max }, "redirects.hint")];
}

/**
 * What a table requires of HEAD: `url/head`. The request is sent only if the table requires it.
 * @param signal the caller's; the request has its own time limit besides
 */
export async function headFindings(
  url: URL,
  get: UrlGet,
  { head }: TransportRules,
  make: MakeFinding,
  { signal, timeout }: { signal: AbortSignal | null; timeout: number },
): Promise<Finding[]> {
  if (!head) return [];
  const limit = AbortSignal.timeout(timeout);
  try {
    const answer = await get(
      url,
      { accept: "*/*" },
      signal ? AbortSignal.any([signal, limit]) : limit,
      "HEAD",
    );
    answer.cancel();
    const { status } = answer;
    return status >= 200 && status < 300
      ? []
      : [make("url/head", "fail", "head", { actual: status, status }, "cdn.hint")];
  } catch (error) {
    if (signal?.aborted) throw error;
    const known =
      limit.aborted ||
      error instanceof UrlFault ||
      error instanceof UrlBudgetSpent ||
      error instanceof MediaPreflightError;
    if (!known) throw error;
    return [make("url/head", "unsure", "head.none", { actual: null }, "cdn.hint")];
  }
}
