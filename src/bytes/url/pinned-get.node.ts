import { lookup as resolve } from "node:dns";
import { type ClientRequest, Agent as HttpAgent, get as httpGet, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, get as httpsGet } from "node:https";
import type { LookupFunction } from "node:net";
import { MediaPreflightError } from "../../errors.ts";
import { judgeAddress, judgeHost, type NotPublic } from "./address.ts";
import { UrlFault } from "./connection-error.ts";
import { mayBePrivate, mostRedirects, type UrlAnswer, type UrlGet, type UrlPolicy } from "./get.ts";
import { redactUrl } from "./redact.ts";

export interface NodeGetOptions extends UrlPolicy {
  /** Resolves names; for tests. */
  lookup?: LookupFunction | undefined;
}

/**
 * GET by node:http(s). Every hop is judged by its letters, and every connection at the address it is made to: a name
 * that resolves to a private address is refused there, whatever it resolved to a moment before.
 */
export function nodeGet(options: NodeGetOptions = {}): UrlGet {
  const plain = options.lookup ?? (resolve as LookupFunction);
  const guarded = guardedLookup(plain);
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const get: UrlGet = async (first, headers, signal) => {
    const hops: URL[] = [];
    for (let url = first; ; ) {
      if (!/^https?:$/.test(url.protocol)) throw new UrlFault(url, { kind: "scheme", scheme: url.protocol });
      const redirected = hops.length > 0;
      const free = mayBePrivate(options, url);
      const why = free ? null : judgeHost(url.hostname);
      if (why) throw new UrlFault(url, { kind: "private", why, host: url.hostname, redirected });
      const response = await once(url, headers, signal, redirected, free);
      const reached = response.socket.remoteAddress;
      const wrong = free || !reached ? null : judgeAddress(reached);
      if (wrong) {
        response.destroy();
        throw new UrlFault(url, { kind: "private", why: wrong, host: url.hostname, redirected });
      }
      const location = response.headers.location;
      const status = response.statusCode ?? 0;
      if (![301, 302, 303, 307, 308].includes(status) || !location) return answer(url, hops, response);
      response.destroy();
      hops.push(url);
      if (hops.length > mostRedirects) throw new UrlFault(first, { kind: "redirects", hops: mostRedirects });
      if (!URL.canParse(location, url))
        throw new UrlFault(url, { kind: "scheme", scheme: "a redirect to what is no address" });
      url = new URL(location, url);
    }
  };

  function once(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    redirected: boolean,
    free: boolean,
  ): Promise<IncomingMessage> {
    const secure = url.protocol === "https:";
    // A user and password in an address are not what the service would send.
    const bare = new URL(url);
    bare.username = "";
    bare.password = "";
    return new Promise((done, fail) => {
      const shared = {
        headers: { ...headers, "user-agent": "media-preflight" },
        signal,
        lookup: free ? plain : guarded,
      };
      const request: ClientRequest = secure
        ? httpsGet(bare, { ...shared, agent: agents.https }, done)
        : httpGet(bare, { ...shared, agent: agents.http }, done);
      request.on("error", (cause) => fail(fault(url, cause, signal, redirected)));
    });
  }

  get.close = () => {
    agents.http.destroy();
    agents.https.destroy();
  };
  return get;
}

function answer(url: URL, hops: readonly URL[], response: IncomingMessage): UrlAnswer {
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
    throw fault(url, cause, null, false);
  }
}

class NotPublicAddress extends Error {
  readonly why: NotPublic;
  constructor(why: NotPublic) {
    super("not a public address");
    this.why = why;
  }
}

/** Refuses a name as soon as one of its addresses is not public: which of them is connected to is not ours to say. */
function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      if (error) return callback(error, found, family);
      const addresses = typeof found === "string" ? [found] : found.map(({ address }) => address);
      const why = addresses.map(judgeAddress).find((judged) => judged !== null);
      callback(why ? new NotPublicAddress(why) : null, found, family);
    });
}

function fault(url: URL, cause: unknown, signal: AbortSignal | null, redirected: boolean): unknown {
  if (cause instanceof NotPublicAddress)
    return new UrlFault(url, { kind: "private", why: cause.why, host: url.hostname, redirected });
  if (signal?.aborted) return signal.reason;
  const code = (cause as NodeJS.ErrnoException).code ?? "no code";
  const unknown = code === "ENOTFOUND";
  return new MediaPreflightError("network", `cannot fetch ${redactUrl(url)} (${code})`, {
    cause: Object.assign(new Error(redactUrl(url)), { code }),
    retryable: !unknown,
    hint: unknown ? "no such host: check the address" : "is the address right, and the network up?",
  });
}
