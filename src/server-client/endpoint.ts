import { MediaPreflightError } from "../errors.ts";

/**
 * The handler's address, without a trailing slash. A path is resolved against the page when it is first used: frameworks
 * also run modules on a server, where there is no page.
 * @throws MediaPreflightError `usage` for what is no URL; the returned function also for a path outside a page
 */
export function resolveEndpoint(endpoint: string): () => string {
  const invalid = (message: string): MediaPreflightError =>
    new MediaPreflightError("usage", message, {
      hint: 'give the path where the handler is mounted, such as "/media", or, outside a page, a URL',
    });
  const shown = JSON.stringify(endpoint);
  if (typeof endpoint !== "string" || !URL.canParse(endpoint, "http://page.invalid/"))
    throw invalid(`the endpoint ${shown} is not a URL or path`);
  let resolved: string | undefined;
  return () => {
    if (resolved === undefined) {
      const page = (globalThis as { location?: { href?: string } }).location?.href;
      if (!URL.canParse(endpoint, page)) throw invalid(`the endpoint ${shown} can only be used in a page`);
      const { origin, pathname } = new URL(endpoint, page);
      resolved = origin + pathname.replace(/\/+$/, "");
    }
    return resolved;
  };
}
