import { environmentProxy } from "../../bytes/url/environment-proxy.ts";
import { isLoopbackHost } from "../../bytes/url/loopback.ts";
import { usesEnvironmentProxy } from "../../bytes/url/runtime.ts";
import { causedBy } from "./redact.ts";

/** Why there was no answer. After all but `broken` it is certain that the service did not receive the request. */
export type ConnectionFault =
  | "redirect" // a redirect, which fetch was told not to follow
  | "certificate" // TLS: the certificate is not trusted
  | "proxy" // the proxy refused to connect
  | "no-connection"
  | "blocked-port" // fetch refuses the port
  | "broken"; // the connection was lost midway, or the runtime gives no reason

const codes = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** Node.js, undici, OpenSSL and Bun. */
const noConnection = codes(
  `ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH ENETDOWN UND_ERR_CONNECT_TIMEOUT ConnectionRefused
   FailedToOpenSocket`,
);
/** OpenSSL's verification errors as Node.js names them (Node.js documentation, "X.509 certificate error codes"). */
const certificate = codes(
  `CERT_HAS_EXPIRED CERT_NOT_YET_VALID DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN CERT_UNTRUSTED
   UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY CERT_REVOKED
   CERT_CHAIN_TOO_LONG CERT_SIGNATURE_FAILURE INVALID_CA HOSTNAME_MISMATCH ERR_TLS_CERT_ALTNAME_INVALID`,
);
const namesOrNumbers = codes("ENOTFOUND EAI_AGAIN");

/** The fault that an error of fetch means. */
export function connectionFault(error: unknown): ConnectionFault {
  if (causedBy(error, certificate)) return "certificate";
  if (messageMatches(error, /^bad port$/)) return "blocked-port";
  if (messageMatches(error, /Proxy response \(\d+\)|proxy (?:authentication|connect)/i)) return "proxy";
  if (causedBy(error, noConnection) || messageMatches(error, /client error \(Connect\)/))
    return "no-connection";
  return messageMatches(error, /unexpected ?redirect|encountered redirect/i) ? "redirect" : "broken";
}

/** Whether the message of the error, or of one of its causes, matches. */
function messageMatches(error: unknown, pattern: RegExp, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 5) return false;
  const { message, cause } = error as Record<string, unknown>;
  return (typeof message === "string" && pattern.test(message)) || messageMatches(cause, pattern, depth + 1);
}

/** The code of OpenSSL in the chain of causes, or null. */
export function certificateCode(error: unknown): string | null {
  for (let at = error as Record<string, unknown> | undefined, depth = 0; at && depth < 6; depth++) {
    if (certificate.has(String(at.code))) return String(at.code);
    at = at.cause as Record<string, unknown> | undefined;
  }
  return null;
}

interface Explanation {
  message: string;
  hint: string | null;
}

/** The error for the user: what went wrong, and which variable or setting to check. */
export function explainConnection(
  fault: ConnectionFault,
  url: string,
  { host, cause }: { host?: string | null; cause?: unknown },
): Explanation {
  const base = host ? `the ${host} base URL (ATLASCLOUD_${host.toUpperCase()}_BASE_URL)` : "the base URL";
  switch (fault) {
    case "redirect":
      return { message: "answered with a redirect", hint: `is ${base} right?` };
    case "certificate":
      return explainCertificate(certificateCode(cause) ?? "", url, base);
    case "proxy":
      return { message: "the proxy refused the connection", hint: `check ${proxyInUse(url) ?? "the proxy"}` };
    case "no-connection":
      return explainNoConnection(url, base, causedBy(cause, namesOrNumbers));
    case "blocked-port":
      return { message: `fetch does not use port ${new URL(url).port}`, hint: `choose another in ${base}` };
    case "broken":
      return {
        message: "the connection broke",
        hint: unusedProxyHint(url) ?? `check the network, and ${base}; then try again`,
      };
  }
}

function explainNoConnection(url: string, base: string, unresolved: boolean): Explanation {
  const proxy = proxyInUse(url);
  const message = `no connection to ${new URL(url).origin}${proxy ? ` through ${proxy}` : ""}`;
  const local = isLoopbackHost(new URL(url).hostname) ? "is a server running there? Otherwise " : "";
  const first = unresolved ? "the host name did not resolve; " : local;
  return {
    message,
    hint: unusedProxyHint(url) ?? `${first}check the network${proxy ? ` and ${proxy}` : ""}, and ${base}`,
  };
}

function explainCertificate(code: string, url: string, base: string): Explanation {
  const { hostname } = new URL(url);
  const message = `the TLS certificate of ${hostname} is not trusted (${code})`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH")
    return { message: `the TLS certificate is not one for ${hostname} (${code})`, hint: `is ${base} right?` };
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return {
      message: `the TLS certificate of ${hostname} is not valid today (${code})`,
      hint: "check this computer's clock; otherwise the certificate has to be renewed",
    };
  return {
    message,
    hint:
      "if a company proxy inspects the connection, set NODE_EXTRA_CA_CERTS to the file with its root certificate " +
      "(PEM), or NODE_USE_SYSTEM_CA=1 if the operating system trusts it",
  };
}

/** "the proxy in HTTPS_PROXY (proxy.example:8080)", if there is one and it is used. */
function proxyInUse(url: string): string | null {
  const proxy = usesEnvironmentProxy() ? environmentProxy(new URL(url)) : null;
  return proxy && `the proxy in ${proxy.variable} (${proxy.url.host})`;
}

/** A proxy that is set and not used is easily overlooked in a company's network. */
function unusedProxyHint(url: string): string | null {
  const proxy = usesEnvironmentProxy() ? null : environmentProxy(new URL(url));
  return (
    proxy &&
    `${proxy.variable} is set, but Node.js ignores it: set NODE_USE_ENV_PROXY=1 as well (Node.js 22.21 or 24.5)`
  );
}
