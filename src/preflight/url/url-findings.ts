import { checkHost } from "../../bytes/url/address.ts";
import type { UrlFault } from "../../bytes/url/connection-error.ts";
import { maxRedirects } from "../../bytes/url/get.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import type { UrlOpened } from "../../bytes/url/url-source.ts";
import type { Finding } from "../../report/report.ts";
import { expiryOf } from "./expiry.ts";
import { isSignIn, type ShareLink, shareLinkOf } from "./share-links.ts";
import { durationText, type MakeFinding } from "./url-finding.ts";

/** Findings about the URL itself. */
export function urlFindings(url: URL, allowPrivate: boolean, make: MakeFinding): Finding[] {
  if (url.protocol === "data:") return [make("url/data", "fail", "data", { actual: redactUrl(url) })];
  if (!/^https?:/.test(url.protocol))
    return [make("url/scheme", "fail", "scheme", { actual: url.protocol, scheme: url.protocol })];
  const findings: Finding[] = [];
  const why = allowPrivate ? null : checkHost(url.hostname);
  if (why)
    findings.push(
      make("url/private-address", "fail", "private", { actual: url.hostname, host: url.hostname, why }),
    );
  if (url.username || url.password)
    findings.push(make("url/sign-in", "fail", "credentials", { actual: redactUrl(url) }));
  const share = shareLinkOf(url);
  if (share) findings.push(shareFinding(share, url, make));
  const end = expiryOf(url);
  const left = end === null ? Number.POSITIVE_INFINITY : Math.round((end - Date.now()) / 1000);
  if (left <= 0)
    findings.push(
      make(
        "url/expires",
        "fail",
        "expired",
        { actual: left, unit: "s", ago: durationText(-left) },
        "expires.hint",
      ),
    );
  else if (left < 3600)
    findings.push(
      make("url/expires", "note", "expires", { actual: left, unit: "s", left: durationText(left) }),
    );
  return findings;
}

function shareFinding({ service, instead }: ShareLink, url: URL, make: MakeFinding): Finding {
  const key = instead.do === "download" ? "page" : "share";
  return make(
    "url/share-link",
    "fail",
    key,
    { actual: redactUrl(url), service, ...instead },
    `share.${instead.do}`,
  );
}

/** The finding for a failed fetch; null if it only concerns the network. */
export function faultFinding({ problem, code }: UrlFault, make: MakeFinding): Finding | null {
  switch (problem.kind) {
    case "scheme":
      return make("url/redirect", "fail", "scheme", { actual: problem.scheme, scheme: problem.scheme });
    case "private": {
      const { host, why, redirected } = problem;
      const key = redirected ? "private.redirected" : "private";
      return make("url/private-address", "fail", key, { actual: host, host, why }, "private.hint");
    }
    case "redirects":
      return make("url/redirect", "fail", "redirects", { actual: null, n: maxRedirects });
    case "proxy":
      return make("url/unverified", "unsure", "proxy", { actual: problem.host, host: problem.host });
    case "encoded":
      return make("url/content-type", "fail", "encoded", {
        actual: problem.encoding,
        encoding: problem.encoding,
      });
    case "status": {
      const { status } = problem;
      if (code === "network") return null;
      if (status === 401 || status === 403 || status === 407)
        return make("url/sign-in", "fail", "signIn", { actual: status, detail: status });
      const gone = status === 404 || status === 410;
      return make("url/not-found", "fail", gone ? "notFound" : "status", { actual: status, status });
    }
  }
}

/** Findings about a response with status 200 or 206. */
export function responseFindings(
  { url, hops, head, contentType, source }: UrlOpened,
  make: MakeFinding,
): Finding[] {
  const type = (contentType ?? "").replace(/;.*/s, "").trim().toLowerCase();
  const page = looksLikePage(head);
  const redirected = hops.length > 0;
  if (page || (redirected && type.includes("html"))) {
    const share = redirected ? shareLinkOf(url) : null;
    if ((redirected && isSignIn(url)) || hasPasswordField(head))
      return [make("url/sign-in", "fail", "signIn", { actual: redactUrl(url), detail: url.host })];
    if (share) return [shareFinding(share, url, make)];
    return [make("url/viewer-page", "fail", "viewer", { actual: type || redactUrl(url) })];
  }
  const findings: Finding[] = [];
  const [first] = hops;
  if (first && first.host !== url.host)
    findings.push(make("url/redirect", "note", "redirected", { actual: url.host, host: url.host }));
  // An empty file has findings of its own.
  const fits = /^(?:image|video|audio)\/|^(?:application|binary)\/octet-stream$|^application\/mp4$/.test(
    type,
  );
  if (!fits && source.size !== 0) {
    const key = type === "" ? "contentType.missing" : "contentType";
    findings.push(make("url/content-type", "note", key, { actual: type || null, type }, "contentType.hint"));
  }
  return findings;
}

/** HTML by its content, whatever the server calls it: a comment or a byte-order mark may come first. */
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
