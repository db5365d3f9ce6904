import { isLoopbackHost } from "../bytes/url/loopback.ts";
import { redactUrl } from "../bytes/url/redact.ts";
import { MediaPreflightError } from "../errors.ts";
import type { Host } from "./error.ts";

/** Where the service lives: docs of the service, read 2026-11. */
export const defaultBaseUrls: Readonly<Record<Host, string>> = {
  console: "https://console.atlascloud.ai/api/v1",
  api: "https://api.atlascloud.ai/api/v1",
};

/**
 * A base URL without its last slash. The key travels with every request, so a remote one must be https.
 * @throws MediaPreflightError `usage`
 */
export function baseUrl(host: Host, given: string | undefined): string {
  const address = given?.trim() || defaultBaseUrls[host];
  const say = (why: string, hint: string): MediaPreflightError =>
    new MediaPreflightError("usage", `the ${host} base URL ${redactUrl(address)} ${why}`, { hint });
  if (!URL.canParse(address)) throw say("is not a URL", `the service's own is ${defaultBaseUrls[host]}`);
  const url = new URL(address);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw say("is not http(s)", `the service's own is ${defaultBaseUrls[host]}`);
  if (url.protocol === "http:" && !isLoopbackHost(url.hostname))
    throw say("would send the key in the clear", "use https; plain http is for this machine only");
  if (url.username || url.password || url.search || url.hash)
    throw say("has more than an origin and a path", "leave user, query and fragment out");
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

/**
 * An id as one segment of a path.
 * @throws MediaPreflightError `usage`
 */
export function idSegment(id: string): string {
  // "trash" is a collection of its own; dots would climb out of the path.
  if (!/^[\w.:@=+-]{1,256}$/.test(id) || /^(?:\.+|trash)$/.test(id))
    throw new MediaPreflightError("usage", `${JSON.stringify(redactUrl(id).slice(0, 80))} is not an id`, {
      hint: "give the record's id, as the list of assets shows it",
    });
  return encodeURIComponent(id);
}
