import type { ByteSource } from "../../bytes/source.ts";
import { UrlFault } from "../../bytes/url/connection-error.ts";
import { fetchGet } from "../../bytes/url/fetch-range.ts";
import { mayBePrivate, type UrlGet, type UrlPolicy } from "../../bytes/url/get.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import {
  defaultUrlBudget,
  type UrlBudget,
  UrlBudgetSpent,
  withUrlBudget,
} from "../../bytes/url/url-budget.ts";
import { openUrl, type UrlOpened } from "../../bytes/url/url-source.ts";
import type { Messages } from "../../report/messages/en.ts";
import { type Locale, loadMessages } from "../../report/messages/locales.ts";
import type { Finding } from "../../report/report.ts";
import type { TransportRules } from "../../rules/schema.ts";
import { addressFindings, headFindings, redirectFindings } from "./transport-findings.ts";
import { findingMaker, type MakeFinding } from "./url-finding.ts";
import { faultFinding, responseFindings, urlFindings } from "./url-findings.ts";

export interface CheckUrlOptions extends UrlPolicy {
  signal?: AbortSignal | null | undefined;
  /** Milliseconds one request may take. Default 20,000. */
  timeout?: number | undefined;
  /** The language of findings. Default English. */
  locale?: Locale | Messages | null | undefined;
  /** The work that the URL may cost; over budget it is unsure. Default 512 requests, 64 MiB, 90 s. */
  urlBudget?: Partial<UrlBudget> | undefined;
  /** What the rule table requires of URLs. */
  transport?: TransportRules | undefined;
}

export interface UrlCheck {
  /** The bytes; null if the findings say why there are none. Close it. */
  source: ByteSource | null;
  /** The URL without its query, which may be a secret. */
  shown: string;
  /** Only what did not pass, and notes; rule ids `url/…`. */
  findings: Finding[];
  /** The strong ETag, or null: without one, an asset made from this URL is not reused. */
  etag: string | null;
}

/**
 * Whether a plain GET without cookies gives the bytes, as the service needs it, and a source to read them from.
 * @throws MediaPreflightError `network`, `timeout`, `aborted`: it could not be checked
 */
export function checkUrl(address: string | URL, options: CheckUrlOptions = {}): Promise<UrlCheck> {
  return checkUrlBy(fetchGet(options), address, options);
}

/** The same with any implementation of GET. */
export async function checkUrlBy(
  get: UrlGet,
  address: string | URL,
  options: CheckUrlOptions = {},
): Promise<UrlCheck> {
  const make = findingMaker(await loadMessages(options.locale));
  const shown = redactUrl(address);
  const url = URL.canParse(String(address)) ? new URL(address) : null;
  const findings = url
    ? urlFindings(url, mayBePrivate(options, url), make)
    : [make("url/scheme", "fail", "unparsable", { actual: null })];
  const { transport } = options;
  if (url && transport) findings.push(...addressFindings(String(address), url, transport, make));
  const refused = (): UrlCheck => ({ source: null, shown, findings, etag: null });
  if (!url || hasFailure(findings)) return refused();
  const limited = withUrlBudget(get, { ...defaultUrlBudget, ...options.urlBudget });
  const opened = await open(url, limited, options, make);
  if ("finding" in opened) {
    findings.push(opened.finding);
    return refused();
  }
  findings.push(...responseFindings(opened, make));
  if (transport) {
    findings.push(...redirectFindings(opened.hops.length, transport, make));
    const { signal = null, timeout = 20_000 } = options;
    findings.push(...(await headFindings(url, get, transport, make, { signal, timeout })));
  }
  if (hasFailure(findings)) {
    await opened.source.close?.();
    return refused();
  }
  return { source: opened.source, shown, findings, etag: opened.etag };
}

/** The opened URL, or the finding that explains why it gives no bytes. */
async function open(
  url: URL,
  get: UrlGet,
  options: CheckUrlOptions,
  make: MakeFinding,
): Promise<UrlOpened | { finding: Finding }> {
  try {
    const opened = await openUrl(url, get, options);
    if (!opened.ranged) get.close?.();
    return opened;
  } catch (error) {
    get.close?.();
    if (error instanceof UrlBudgetSpent)
      return { finding: make("url/unverified", "unsure", "budget", { actual: null }) };
    const finding = error instanceof UrlFault ? faultFinding(error, make) : null;
    if (!finding) throw error;
    return { finding };
  }
}

const hasFailure = (findings: readonly Finding[]): boolean =>
  findings.some(({ verdict }) => verdict === "fail");
