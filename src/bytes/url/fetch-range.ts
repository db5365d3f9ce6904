import { MediaPreflightError } from "../../errors.ts";
import { checkHost } from "./address.ts";
import { UrlFault } from "./connection-error.ts";
import { mayBePrivate, type UrlGet, type UrlPolicy } from "./get.ts";
import { redactUrl } from "./redact.ts";

/**
 * GET by the platform's fetch. A page cannot see the addresses that names resolve to, nor the redirects on the way:
 * hosts are checked by their spelling, before and after. Node's `nodeGet` checks every hop and connection.
 */
export function fetchGet(policy: UrlPolicy = {}, fetcher: typeof fetch = globalThis.fetch): UrlGet {
  const check = (url: URL, redirected: boolean): void => {
    if (!/^https?:$/.test(url.protocol)) throw new UrlFault(url, { kind: "scheme", scheme: url.protocol });
    const why = mayBePrivate(policy, url) ? null : checkHost(url.hostname);
    if (why) throw new UrlFault(url, { kind: "private", why, host: url.hostname, redirected });
  };
  return async (url, headers, signal, method = "GET") => {
    check(url, false);
    let response: Response;
    try {
      response = await fetcher(url, {
        method,
        headers: { ...headers },
        signal,
        credentials: "omit",
        referrerPolicy: "no-referrer",
        cache: "no-store",
      });
    } catch (cause) {
      signal.throwIfAborted();
      throw fault(url, cause);
    }
    const final = new URL(response.url || url.href);
    const cancel = (): void => void response.body?.cancel().catch(() => {});
    try {
      check(final, response.redirected);
    } catch (refused) {
      cancel();
      throw refused;
    }
    return {
      status: response.status,
      url: final,
      hops: response.redirected ? [url] : [],
      header: (name) => response.headers.get(name),
      body: chunks(final, response.body),
      cancel,
    };
  };
}

function fault(url: URL, cause: unknown): MediaPreflightError {
  return new MediaPreflightError("network", `cannot fetch ${redactUrl(url)}`, {
    url: redactUrl(url),
    cause: new Error(cause instanceof Error ? cause.name : "fetch failed"),
    retryable: true,
    hint: "is the address right, and does the host allow pages of other origins to fetch it (CORS)?",
  });
}

async function* chunks(url: URL, body: ReadableStream<Uint8Array> | null): AsyncIterable<Uint8Array> {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw fault(url, cause);
  } finally {
    reader.cancel().catch(() => {});
  }
}
