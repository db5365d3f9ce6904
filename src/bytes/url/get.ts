/** The answer to a GET, after redirects. */
export interface UrlAnswer {
  status: number;
  /** The address that answered. */
  url: URL;
  /** The addresses that redirected, the requested one first. */
  hops: readonly URL[];
  header(name: string): string | null;
  body: AsyncIterable<Uint8Array>;
  /** Closes the connection; idempotent. */
  cancel(): void;
}

/**
 * A plain GET: no cookies, no credentials, no referrer; redirects are checked and followed, at most five.
 * @throws MediaPreflightError `network`, `timeout`, `aborted`; UrlFault
 */
export interface UrlGet {
  (
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    /** Default "GET". */
    method?: "GET" | "HEAD",
  ): Promise<UrlAnswer>;
  /** Closes idle connections. */
  close?(): void;
}

export const maxRedirects = 5;

export interface UrlPolicy {
  /**
   * Also fetch private, loopback and link-local addresses: for tests, and for a service on this machine. A function
   * is called for each hop.
   */
  allowPrivate?: boolean | ((url: URL) => boolean) | undefined;
}

/** Whether this hop may lead to an address that is not public. */
export function mayBePrivate({ allowPrivate }: UrlPolicy, url: URL): boolean {
  return typeof allowPrivate === "function" ? allowPrivate(url) : allowPrivate === true;
}
