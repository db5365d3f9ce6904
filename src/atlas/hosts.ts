import { isLoopbackHost } from "../bytes/url/loopback.ts";
import { redactUrl } from "../bytes/url/redact.ts";
import { MediaPreflightError } from "../errors.ts";
import type { Host } from "./error.ts";

/** The service's base URLs (its documentation, read 2026-11). */
export const defaultBaseUrls: Readonly<Record<Host, string>> = {
  console: "https://console.atlascloud.ai/api/v1",
  api: "https://api.atlascloud.ai/api/v1",
};

/**
 * A base URL without its last slash. Every request contains the key, so a remote one must be https.
 * @throws MediaPreflightError `usage`
 */
export function baseUrl(host: Host, given: string | undefined): string {
  const address = given?.trim() || defaultBaseUrls[host];
  const own = `the service's own is ${defaultBaseUrls[host]}`;
  const refuse = (why: string, hint: string): MediaPreflightError =>
    new MediaPreflightError("usage", `the ${host} base URL ${redactUrl(address)} ${why}`, { hint });
  if (!URL.canParse(address)) throw refuse("is not a URL", own);
  const url = new URL(address);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("is not http(s)", own);
  if (url.protocol === "http:" && !isLoopbackHost(url.hostname))
    throw refuse("would send the key unencrypted", "use https; plain http is allowed on this machine only");
  if (url.username || url.password || url.search || url.hash)
    throw refuse("has more than an origin and a path", "remove user, query and fragment");
  const other = host === "api" ? "console" : "api";
  // Mixing up the two hosts is the most common cause of 401 and 404.
  if (url.hostname.replace(/\.$/, "") === new URL(defaultBaseUrls[other]).hostname)
    throw refuse(`is the ${other} host's`, own);
  return (url.origin + url.pathname).replace(/\/+$/, "");
}
