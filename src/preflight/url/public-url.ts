import type { ByteSource } from "../../bytes/source.ts";
import { judgeHost } from "../../bytes/url/address.ts";
import { UrlFault } from "../../bytes/url/connection-error.ts";
import { fetchGet } from "../../bytes/url/fetch-range.ts";
import { mayBePrivate, mostRedirects, type UrlGet, type UrlPolicy } from "../../bytes/url/get.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import { openUrl, type UrlOpened } from "../../bytes/url/url-source.ts";
import type { Messages } from "../../report/messages/en.ts";
import { type Locale, loadMessages } from "../../report/messages/locales.ts";
import { makeFinding } from "../../report/render.ts";
import type { Finding } from "../../report/report.ts";
import { type Text, type TextValue, text } from "../../report/text.ts";
import { expiryOf } from "./expiry.ts";
import { isSignIn, type ShareLink, shareLinkOf } from "./share-links.ts";

export interface CheckUrlOptions extends UrlPolicy {
  signal?: AbortSignal | null | undefined;
  /** Milliseconds one request may take. Default 20,000. */
  timeout?: number | undefined;
  /** The language of findings. Default English. */
  locale?: Locale | Messages | null | undefined;
}

export interface UrlCheck {
  /** The bytes; null where the findings say why there are none. Close it. */
  source: ByteSource | null;
  /** The address without its query, which may be a secret. */
  shown: string;
  /** Only what did not pass, and notes; rule ids `url/…`. */
  findings: Finding[];
  /** The strong ETag, or null: without one, an asset made of this address is not used again. */
  etag: string | null;
}

/**
 * Whether a plain GET without cookies gives the bytes, as the service needs it, and a source to read them from.
 * @throws MediaPreflightError `network`, `timeout`, `aborted`: what could not be found out
 */
export function checkUrl(address: string | URL, options: CheckUrlOptions = {}): Promise<UrlCheck> {
  return checkUrlBy(fetchGet(options), address, options);
}

/** The same over any way to GET. */
export async function checkUrlBy(
  get: UrlGet,
  address: string | URL,
  options: CheckUrlOptions = {},
): Promise<UrlCheck> {
  const say = findingMaker(await loadMessages(options.locale));
  const url = URL.canParse(String(address)) ? new URL(address) : null;
  const findings = url
    ? judgeLetters(url, mayBePrivate(options, url), say)
    : [say("url/scheme", "fail", "unparsable", { actual: null })];
  const shown = redactUrl(address);
  const refused = (): UrlCheck => ({ source: null, shown, findings, etag: null });
  if (!url || findings.some(({ verdict }) => verdict === "fail")) return refused();
  let open: UrlOpened;
  try {
    open = await openUrl(url, get, options);
  } catch (error) {
    get.close?.();
    const found = error instanceof UrlFault ? judgeFault(error, say) : null;
    if (!found) throw error;
    findings.push(found);
    return refused();
  }
  if (!open.ranged) get.close?.();
  findings.push(...judgeAnswer(open, say));
  if (findings.some(({ verdict }) => verdict === "fail")) {
    await open.source.close?.();
    return refused();
  }
  return { source: open.source, shown, findings, etag: open.etag };
}

type Say = ReturnType<typeof findingMaker>;

/** What the address alone tells. */
function judgeLetters(url: URL, allowPrivate: boolean, say: Say): Finding[] {
  if (url.protocol === "data:") return [say("url/data", "fail", "data", { actual: redactUrl(url) })];
  if (!/^https?:/.test(url.protocol))
    return [say("url/scheme", "fail", "scheme", { actual: url.protocol, scheme: url.protocol })];
  const findings: Finding[] = [];
  const why = allowPrivate ? null : judgeHost(url.hostname);
  if (why)
    findings.push(
      say("url/private-address", "fail", "private", { actual: url.hostname, host: url.hostname, why }),
    );
  if (url.username || url.password)
    findings.push(say("url/sign-in", "fail", "credentials", { actual: redactUrl(url) }));
  const share = shareLinkOf(url);
  if (share) findings.push(sayShare(share, url, say));
  const end = expiryOf(url);
  const left = end === null ? Number.POSITIVE_INFINITY : Math.round((end - Date.now()) / 1000);
  if (left <= 0)
    findings.push(
      say("url/expires", "fail", "expired", { actual: left, unit: "s", ago: span(-left) }, "expires.hint"),
    );
  else if (left < 3600)
    findings.push(say("url/expires", "note", "expires", { actual: left, unit: "s", left: span(left) }));
  return findings;
}

function sayShare({ service, instead }: ShareLink, url: URL, say: Say): Finding {
  const key = instead.do === "download" ? "page" : "share";
  return say(
    "url/share-link",
    "fail",
    key,
    { actual: redactUrl(url), service, ...instead },
    `share.${instead.do}`,
  );
}

/** What the refusal of a fetch says of the address; null where it says something of the network only. */
function judgeFault({ trouble, code }: UrlFault, say: Say): Finding | null {
  switch (trouble.kind) {
    case "scheme":
      return say("url/redirect", "fail", "scheme", { actual: trouble.scheme, scheme: trouble.scheme });
    case "private": {
      const { host, why, redirected } = trouble;
      const key = redirected ? "private.redirected" : "private";
      return say("url/private-address", "fail", key, { actual: host, host, why }, "private.hint");
    }
    case "redirects":
      return say("url/redirect", "fail", "redirects", { actual: null, n: mostRedirects });
    case "encoded":
      return say("url/content-type", "fail", "encoded", {
        actual: trouble.encoding,
        encoding: trouble.encoding,
      });
    case "status": {
      const { status } = trouble;
      if (code === "network") return null;
      if (status === 401 || status === 403 || status === 407)
        return say("url/sign-in", "fail", "signIn", { actual: status, detail: status });
      const gone = status === 404 || status === 410;
      return say("url/not-found", "fail", gone ? "notFound" : "status", { actual: status, status });
    }
  }
}

/** What an answer of 200 or 206 tells. */
function judgeAnswer({ url, hops, head, contentType, source }: UrlOpened, say: Say): Finding[] {
  const type = (contentType ?? "").replace(/;.*/s, "").trim().toLowerCase();
  const page = looksLikePage(head);
  const redirected = hops.length > 0;
  if (page || (redirected && type.includes("html"))) {
    const share = redirected ? shareLinkOf(url) : null;
    if ((redirected && isSignIn(url)) || hasPasswordField(head))
      return [say("url/sign-in", "fail", "signIn", { actual: redactUrl(url), detail: url.host })];
    if (share) return [sayShare(share, url, say)];
    return [say("url/viewer-page", "fail", "viewer", { actual: type || redactUrl(url) })];
  }
  const findings: Finding[] = [];
  const [first] = hops;
  if (first && first.host !== url.host)
    findings.push(say("url/redirect", "note", "redirected", { actual: url.host, host: url.host }));
  // An empty file is judged as a file.
  const fits = /^(?:image|video|audio)\/|^(?:application|binary)\/octet-stream$|^application\/mp4$/.test(
    type,
  );
  if (!fits && source.size !== 0) {
    const key = type === "" ? "contentType.missing" : "contentType";
    findings.push(say("url/content-type", "note", key, { actual: type || null, type }, "contentType.hint"));
  }
  return findings;
}

/** HTML by its letters, whatever the server calls it: a comment or a byte-order mark may come first. */
function looksLikePage(head: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(head.subarray(0, 2048));
  return /^(?:\u00ef\u00bb\u00bf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|title|meta)\b/i.test(
    text,
  );
}

function hasPasswordField(head: Uint8Array): boolean {
  return /<input[^>]{1,500}type\s*=\s*["']?password/i.test(
    new TextDecoder("latin1").decode(head.subarray(0, 65_536)),
  );
}

interface UrlFinding {
  actual: Finding["actual"];
  unit?: "s";
  [value: string]: TextValue | null | undefined;
}

function findingMaker(messages: Messages) {
  /** The hint's key is the message's with `.hint`, unless it is given. */
  return (
    rule: string,
    verdict: "fail" | "note",
    key: string,
    { actual, unit, ...values }: UrlFinding,
    hint = `${key}.hint`,
  ): Finding => {
    const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
    const of = (name: string): Text => text(`url.${name}`, known as Record<string, TextValue>);
    const data = { rule, actual, limit: null, unit: unit ?? null, readings: [] };
    return makeFinding(
      verdict === "fail" ? { ...data, verdict, reason: "limit" } : { ...data, verdict },
      { message: of(key), hint: Object.hasOwn(messages, `url.${hint}`) ? of(hint) : null },
      messages,
    );
  };
}

/** A stretch of time in the largest unit that says it. */
function span(seconds: number): Text {
  const of = (key: string, unit: number): Text => text(`url.${key}`, { n: Math.round(seconds / unit) });
  if (seconds < 120) return of("seconds", 1);
  if (seconds < 7200) return of("minutes", 60);
  return seconds < 172_800 ? of("hours", 3600) : of("days", 86_400);
}
