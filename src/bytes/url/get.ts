/** One answer to a GET, redirects followed. */
export interface UrlAnswer {
  status: number;
  /** The address that answered. */
  url: URL;
  /** The addresses passed on the way, the first asked for first. */
  hops: readonly URL[];
  header(name: string): string | null;
  body: AsyncIterable<Uint8Array>;
  /** Lets go of the connection; idempotent. */
  cancel(): void;
}

/**
 * A plain GET: no cookies, no credentials, no referrer; redirects followed and judged, at most five.
 * @throws MediaPreflightError `network`, `timeout`, `aborted`; UrlFault
 */
export interface UrlGet {
  (url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<UrlAnswer>;
  /** Frees kept connections. */
  close?(): void;
}

export const mostRedirects = 5;

export interface UrlPolicy {
  /**
   * Fetch private, loopback and link-local addresses too: for tests, and for a service on this machine. As a
   * function it is asked of each hop.
   */
  allowPrivate?: boolean | ((url: URL) => boolean) | undefined;
}

/** Whether this hop may lead to an address that is not public. */
export function mayBePrivate({ allowPrivate }: UrlPolicy, url: URL): boolean {
  return typeof allowPrivate === "function" ? allowPrivate(url) : allowPrivate === true;
}
