import { lookup as resolve } from "node:dns";
import { type ClientRequest, Agent as HttpAgent, get as httpGet, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, get as httpsGet } from "node:https";
import type { LookupFunction, Socket } from "node:net";
import { MediaPreflightError } from "../../errors.ts";
import { checkAddress, checkHost, type NotPublic } from "./address.ts";
import { UrlFault } from "./connection-error.ts";
import { environmentProxy } from "./environment-proxy.ts";
import { maxRedirects, mayBePrivate, type UrlAnswer, type UrlGet, type UrlPolicy } from "./get.ts";
import { type Allowed, guardedLookup, NotPublicAddress, resolveName } from "./guarded-lookup.node.ts";
import { isLoopbackHost } from "./loopback.ts";
import { ProxyRefused, tunnel } from "./proxy-tunnel.node.ts";
import { redactUrl } from "./redact.ts";
import { usesEnvironmentProxy } from "./runtime.ts";

export interface NodeGetOptions extends UrlPolicy {
  /** Resolves names; for tests. */
  lookup?: LookupFunction | undefined;
  /**
   * The proxy for an address, or null. Default: the one that HTTPS_PROXY or HTTP_PROXY names, if the user opted in
   * with NODE_USE_ENV_PROXY=1 or --use-env-proxy.
   */
  proxyFor?: ((url: URL) => URL | null) | undefined;
}

/**
 * GET by node:http(s), not by fetch, because only there the connection is made to the very address that was checked:
 * every hop is checked by its spelling, and every connection at its address, so that a name that resolves to a private
 * address is refused whatever it resolved to a moment before.
 */
export function nodeGet(options: NodeGetOptions = {}): UrlGet {
  const connection = new PinnedConnections(options);
  const get: UrlGet = async (first, headers, signal, method = "GET") => {
    const hops: URL[] = [];
    for (let url = first; ; ) {
      const response = await connection.request({
        url,
        method,
        headers,
        signal,
        redirected: hops.length > 0,
      });
      const next = redirectTarget(url, response);
      if (next === null) return answerOf(url, hops, response);
      response.destroy();
      hops.push(url);
      if (hops.length > maxRedirects) throw new UrlFault(first, { kind: "redirects", hops: maxRedirects });
      url = next;
    }
  };
  get.close = () => connection.close();
  return get;
}

function redirectTarget(url: URL, { statusCode, headers }: IncomingMessage): URL | null {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(statusCode ?? 0) || !location) return null;
  if (URL.canParse(location, url)) return new URL(location, url);
  throw new UrlFault(url, { kind: "scheme", scheme: "a redirect to an invalid address" });
}

/** A name of this machine may lead to this machine only, whatever it resolves to. */
function allowedAddresses(policy: UrlPolicy, url: URL): Allowed {
  if (!mayBePrivate(policy, url)) return () => false;
  return isLoopbackHost(url.hostname) ? (why) => why === "loopback" : () => true;
}

/** One request, without redirects. */
interface Hop {
  url: URL;
  method: "GET" | "HEAD";
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
  redirected: boolean;
}

/** Connections that are made only to addresses that were checked. */
class PinnedConnections {
  readonly #options: NodeGetOptions;
  readonly #lookup: LookupFunction;
  readonly #agents = {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  };

  constructor(options: NodeGetOptions) {
    this.#options = options;
    this.#lookup = options.lookup ?? (resolve as LookupFunction);
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  /** @throws UrlFault, MediaPreflightError `network` */
  async request(hop: Hop): Promise<IncomingMessage> {
    const { url, redirected } = hop;
    if (!/^https?:$/.test(url.protocol)) throw new UrlFault(url, { kind: "scheme", scheme: url.protocol });
    const allowed = allowedAddresses(this.#options, url);
    const refuse = (why: NotPublic): UrlFault =>
      new UrlFault(url, { kind: "private", why, host: url.hostname, redirected });
    const why = checkHost(url.hostname);
    if (why && !mayBePrivate(this.#options, url)) throw refuse(why);
    const proxy = this.#proxyFor(url);
    const response = await (proxy ? this.#viaProxy(hop, proxy, allowed) : this.#direct(hop, allowed));
    const reached = proxy ? undefined : response.socket.remoteAddress;
    const wrong = reached ? checkAddress(reached) : null;
    if (wrong === null || allowed(wrong)) return response;
    response.destroy();
    throw refuse(wrong);
  }

  #proxyFor(url: URL): URL | null {
    if (this.#options.proxyFor) return this.#options.proxyFor(url);
    return usesEnvironmentProxy() ? (environmentProxy(url)?.url ?? null) : null;
  }

  #direct(hop: Hop, allowed: Allowed): Promise<IncomingMessage> {
    const secure = hop.url.protocol === "https:";
    return send(hop, {
      lookup: guardedLookup(this.#lookup, allowed),
      agent: secure ? this.#agents.https : this.#agents.http,
    });
  }

  /** Resolves and checks the name here, then lets the proxy connect to that address. */
  async #viaProxy(hop: Hop, proxy: URL, allowed: Allowed): Promise<IncomingMessage> {
    const { url, signal } = hop;
    let socket: Socket;
    try {
      const address = await resolveName(url.hostname, guardedLookup(this.#lookup, allowed));
      socket = await tunnel({ proxy, address, url, signal });
    } catch (cause) {
      // A name that only the proxy can resolve, or an address that it does not connect to.
      if (cause instanceof ProxyRefused || isUnresolved(cause))
        throw new UrlFault(url, { kind: "proxy", host: url.hostname });
      throw requestFault(hop, cause);
    }
    return send(hop, { createConnection: () => socket });
  }
}

const isUnresolved = (cause: unknown): boolean =>
  ["ENOTFOUND", "EAI_AGAIN", "ENODATA"].includes(String((cause as NodeJS.ErrnoException).code));

type Via = Pick<Parameters<typeof httpGet>[1], "lookup" | "agent" | "createConnection">;

function send(hop: Hop, via: Via): Promise<IncomingMessage> {
  const { url, method, headers, signal } = hop;
  // The service would not send a user name and password in an address.
  const withoutCredentials = new URL(url);
  withoutCredentials.username = "";
  withoutCredentials.password = "";
  const get = url.protocol === "https:" ? httpsGet : httpGet;
  return new Promise((done, fail) => {
    const options = {
      method,
      headers: { host: url.host, ...headers, "user-agent": "media-preflight" },
      signal,
      ...via,
    };
    const request: ClientRequest = get(withoutCredentials, options, done);
    request.on("error", (cause) => fail(requestFault(hop, cause)));
  });
}

function answerOf(url: URL, hops: readonly URL[], response: IncomingMessage): UrlAnswer {
  return {
    status: response.statusCode ?? 0,
    url,
    hops,
    header(name) {
      const value = response.headers[name];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    },
    body: bodyOf(url, response),
    cancel: () => void response.destroy(),
  };
}

async function* bodyOf(url: URL, response: IncomingMessage): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of response) yield chunk as Uint8Array;
  } catch (cause) {
    throw networkError(url, cause);
  }
}

function requestFault({ url, signal, redirected }: Hop, cause: unknown): unknown {
  if (cause instanceof NotPublicAddress)
    return new UrlFault(url, { kind: "private", why: cause.why, host: url.hostname, redirected });
  return signal.aborted ? signal.reason : networkError(url, cause);
}

function networkError(url: URL, cause: unknown): MediaPreflightError {
  const code = (cause as NodeJS.ErrnoException).code ?? "no code";
  const unknown = code === "ENOTFOUND";
  return new MediaPreflightError("network", `cannot fetch ${redactUrl(url)} (${code})`, {
    url: redactUrl(url),
    cause: Object.assign(new Error(redactUrl(url)), { code }),
    retryable: !unknown,
    hint: unknown ? "no such host: check the address" : unusedProxy(url),
  });
}

function unusedProxy(url: URL): string {
  const proxy = usesEnvironmentProxy() ? null : environmentProxy(url);
  return proxy
    ? `${proxy.variable} is set, but not used: set NODE_USE_ENV_PROXY=1 as well`
    : "is the address right, and the network up?";
}
