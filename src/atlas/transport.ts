import ky, { type Options } from "ky";
import { redactText } from "../bytes/url-redact.ts";
import { throwIfAborted } from "../errors.ts";
import { type Envelope, errorText, parseJson, unwrap, upstreamCodeOf } from "./envelope.ts";
import {
  AtlasError,
  type AtlasErrorDetails,
  codeOfStatus,
  type Host,
  hintOfStatus,
  isRetryableStatus,
} from "./error.ts";
import type { Multipart } from "./multipart.ts";
import { pause } from "./pause.ts";
import { causedBy, keyScrubber, plainCause, type Scrub } from "./redact.ts";
import { nextPause, type RetryPolicy } from "./retry.ts";

/** What a client is set up with. */
export interface Wire {
  baseUrls: Readonly<Record<Host, string>>;
  apiKey(): Promise<string>;
  fetch: typeof fetch | undefined;
  /** Milliseconds without any progress after which one try is given up. */
  timeout: { json: number; upload: number };
  retry: RetryPolicy;
}

/** One call. Its host is part of it, so that no call can go to the wrong one. */
export interface Call<T> {
  /** The client's method, for messages. */
  name: string;
  host: Host;
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  query?: Readonly<Record<string, number>>;
  json?: unknown;
  upload?: Multipart & { fileBytes: number; onSent: (bytes: number) => void };
  /** Whether it may be sent twice. */
  repeatable: boolean;
  /** Whether a lost answer leaves a doubt about what took effect. */
  changes: boolean;
  signal: AbortSignal | null;
  /** The asset or prediction concerned. */
  id?: string;
  /** Throws Unfit. */
  decode(envelope: Envelope): T;
}

/** Signal: an answer that the contract does not know. */
export class Unfit {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** Sends a call, and again where the policy says so. @throws AtlasError */
export async function send<T>(wire: Wire, call: Call<T>): Promise<T> {
  const begun = performance.now();
  for (let attempt = 1; ; attempt++) {
    const result = await once(wire, call);
    if ("value" in result) return result.value;
    const wait = nextPause(
      {
        attempt,
        retryable: result.error.retryable,
        repeatable: call.repeatable,
        elapsed: performance.now() - begun,
        retryAfter: result.retryAfter,
      },
      wire.retry,
      Math.random(),
    );
    if (wait === null) throw result.error;
    await pause(wait, call.signal);
  }
}

type Outcome<T> = { value: T } | { error: AtlasError; retryAfter: number | null };

async function once<T>(wire: Wire, call: Call<T>): Promise<Outcome<T>> {
  throwIfAborted(call.signal);
  const key = await wire.apiKey();
  const hideKey = keyScrubber(key);
  const scrub: Scrub = (text) => hideKey(redactText(text));
  const idle = new IdleTimer(
    call.upload ? wire.timeout.upload : wire.timeout.json,
    call.upload?.fileBytes ?? 0,
  );
  const signal = call.signal ? AbortSignal.any([call.signal, idle.signal]) : idle.signal;
  try {
    const response = await ky(wire.baseUrls[call.host] + call.path, options(wire, call, key, signal, idle));
    // A server that repeats the key does not get it any further.
    const text = hideKey(await readText(response, idle));
    return judge(call, response, text, scrub);
  } catch (cause) {
    return { error: fault(call, cause, idle, scrub), retryAfter: null };
  } finally {
    idle.stop();
  }
}

function options(
  wire: Wire,
  call: Call<unknown>,
  key: string,
  signal: AbortSignal,
  idle: IdleTimer,
): Options {
  const headers: Record<string, string> = { accept: "application/json", authorization: `Bearer ${key}` };
  const shared: Options = {
    method: call.method,
    headers,
    signal,
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    credentials: "omit",
    cache: "no-store",
    // A redirect would carry the key elsewhere.
    redirect: "manual",
    ...(wire.fetch && { fetch: wire.fetch }),
    ...(call.query && { searchParams: { ...call.query } }),
  };
  if (call.json !== undefined) return { ...shared, json: call.json };
  if (!call.upload) return shared;
  const { body, headBytes, fileBytes, onSent } = call.upload;
  // Without a window and with redirects an error, Node's fetch keeps no second copy of the body.
  const flat: Options = { ...shared, body, window: null, redirect: "error" };
  if (!streamsUploads) return flat;
  // The length is known: a chunked body is refused by some proxies.
  headers["content-length"] = String(body.size);
  return {
    ...flat,
    onUploadProgress: ({ transferredBytes }) => {
      idle.touch();
      onSent(Math.max(0, Math.min(fileBytes, transferredBytes - headBytes)));
    },
  };
}

/** Node's fetch streams request bodies over any HTTP version; a browser's only over HTTP/2, and not all do. */
const streamsUploads: boolean =
  typeof (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === "string";

/** Fires when nothing has moved for a while. Where progress cannot be seen, the time grows with the size. */
class IdleTimer {
  readonly milliseconds: number;
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number, unseenBytes: number) {
    const slowestBytesPerMs = 16;
    this.milliseconds = milliseconds + (streamsUploads ? 0 : unseenBytes / slowestBytesPerMs);
    this.touch();
  }
  get signal(): AbortSignal {
    return this.#controller.signal;
  }
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), this.milliseconds);
  }
  stop(): void {
    clearTimeout(this.#timer);
  }
}

const largestAnswer = 16 * 1024 * 1024;

async function readText(response: Response, idle: IdleTimer): Promise<string> {
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    idle.touch();
    bytes += value.byteLength;
    if (bytes > largestAnswer) {
      await reader.cancel();
      throw new Unfit("an answer of more than 16 MB");
    }
    text += decoder.decode(value, { stream: true });
  }
}

function judge<T>(call: Call<T>, response: Response, text: string, scrub: Scrub): Outcome<T> {
  const details: AtlasErrorDetails = {
    status: response.status,
    requestId: scrub(response.headers.get("x-request-id") ?? "").slice(0, 200) || null,
    host: call.host,
    id: call.id ?? null,
  };
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
  const html = /^\s*</.test(text);
  let body: unknown;
  try {
    body = text.trim() === "" ? {} : parseJson(text);
  } catch {
    body = null;
  }
  const envelope = unwrap(body);
  const fail = (status: number, more: AtlasErrorDetails, told: string): Outcome<T> => {
    const code = codeOfStatus(status);
    const retryable = isRetryableStatus(status) || more.retryable === true;
    // A 4xx is a refusal: nothing took effect. Anything else leaves a doubt.
    const outcome = call.changes && !(status >= 400 && status < 500 && status !== 408) ? "unknown" : "none";
    const known = more.upstreamCode && `look the code up: media-preflight explain ${more.upstreamCode}`;
    const hint = (status === 400 && known) || hintOfStatus(status, call.host, html);
    const error = new AtlasError(code, `${call.name}: the ${call.host} host answered ${told}`, {
      ...details,
      outcome,
      ...(hint && { hint }),
      ...more,
      retryable,
    });
    return { error, retryAfter };
  };
  const said = (body: unknown): string => {
    const message = errorText(body);
    return message ? `: ${scrub(message).slice(0, 1000)}` : "";
  };
  const upstream = scrub(upstreamCodeOf(body) ?? "") || null;
  if (!response.ok) {
    if (response.status < 400)
      return fail(
        response.status,
        { hint: `is the ${call.host} base URL right?` },
        `${response.status || "with"} a redirect`,
      );
    if (!envelope)
      return fail(
        response.status,
        { retryable: response.status === 403 },
        `${response.status} with ${html ? "an HTML page" : "something other than JSON"}`,
      );
    return fail(response.status, { upstreamCode: upstream }, `${response.status}${said(body)}`);
  }
  if (!envelope)
    return fail(
      response.status,
      { retryable: true, hint: `a proxy may have answered, or the ${call.host} base URL is wrong` },
      `${response.status} with ${html ? "an HTML page" : "something other than JSON"}`,
    );
  if (envelope.error) {
    const status = statusOfCode(envelope.error.code) ?? response.status;
    const named = upstream ?? (status === response.status ? scrub(envelope.error.code) : null);
    return fail(
      status,
      { status, upstreamCode: named },
      `HTTP ${response.status} with error code ${scrub(envelope.error.code).slice(0, 80)}${said(body)}`,
    );
  }
  try {
    return { value: call.decode(envelope) };
  } catch (stop) {
    if (!(stop instanceof Unfit)) throw stop;
    return fail(
      response.status,
      { hint: "the service's answers may have changed: report this" },
      scrub(stop.why),
    );
  }
}

/** The HTTP status that an envelope's error code stands for; null for a number that is none. */
function statusOfCode(code: string): number | null {
  const number = Number(code);
  if (!Number.isNaN(number)) return number >= 400 && number < 600 ? number : null;
  if (/^(?:InternalError|InternalServiceError|ServiceUnavailable)/i.test(code)) return 500;
  return /^RequestLimitExceeded/i.test(code) ? 429 : 400;
}

/** The request was never sent, for certain. */
const neverSent: ReadonlySet<string> = new Set(
  "ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH UND_ERR_CONNECT_TIMEOUT CERT_HAS_EXPIRED \
DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE ERR_TLS_CERT_ALTNAME_INVALID".split(
    " ",
  ),
);
const hopeless: ReadonlySet<string> = new Set([...neverSent].filter((code) => /CERT|LEAF/.test(code)));
const fileGone: ReadonlySet<string> = new Set(["NotReadableError", "NotFoundError"]);

function fault(call: Call<unknown>, error: unknown, idle: IdleTimer, scrub: Scrub): AtlasError {
  const sent = !causedBy(error, neverSent);
  const shared: AtlasErrorDetails = {
    host: call.host,
    id: call.id ?? null,
    outcome: call.changes && sent ? "unknown" : "none",
  };
  const cause = plainCause(error, scrub);
  const where = `${call.name} (${call.host} host)`;
  if (call.signal?.aborted) {
    const timeout = (call.signal.reason as { name?: unknown } | undefined)?.name === "TimeoutError";
    return timeout
      ? new AtlasError("timeout", `${where}: the deadline passed`, { ...shared, cause })
      : new AtlasError("aborted", `${where}: stopped by the caller`, { ...shared, cause });
  }
  if (error instanceof Unfit)
    return new AtlasError("protocol", `${where}: ${error.why}`, { ...shared, retryable: false });
  if (idle.signal.aborted)
    return new AtlasError("timeout", `${where}: nothing came for ${Math.round(idle.milliseconds / 1000)} s`, {
      ...shared,
      cause,
      retryable: true,
      hint: "try again later; a slow line wants a longer timeout",
    });
  if (call.upload && causedBy(error, fileGone))
    return new AtlasError("changed", `${where}: the file changed while it was being sent`, {
      ...shared,
      cause,
      hint: "check it again, then send it again",
    });
  return new AtlasError("network", `${where}: ${sent ? "the connection broke" : "no connection"}`, {
    ...shared,
    cause,
    retryable: !causedBy(error, hopeless),
    hint: sent ? undefined : `is the network up, and the ${call.host} base URL right?`,
  });
}
