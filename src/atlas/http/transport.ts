import ky, { type Options } from "ky";
import { delay } from "../../async/delay.ts";
import { redactText } from "../../bytes/url/redact.ts";
import { isNodeLike, sendsStreams } from "../../bytes/url/runtime.ts";
import { MediaPreflightError, throwIfAborted } from "../../errors.ts";
import { AtlasError, type Host } from "../error.ts";
import type { Call, CallUpload } from "./call.ts";
import { connectionFault } from "./connection-fault.ts";
import { faultError } from "./fault-error.ts";
import type { HostGate } from "./host-gate.ts";
import { IdleTimer, unseenUploadTime } from "./idle-timer.ts";
import { type CallResult, interpretAnswer } from "./interpret-answer.ts";
import { keyScrubber, type Scrub } from "./redact.ts";
import { readText } from "./response-text.ts";
import { nextPause, type RetryPolicy } from "./retry.ts";
import { blobBody, streamBody } from "./upload-body.ts";
import { userAgent } from "./user-agent.ts";

/** What every request to the service needs. */
export interface Wire {
  baseUrls: Readonly<Record<Host, string>>;
  gates: Readonly<Record<Host, HostGate>>;
  apiKey(signal: AbortSignal | null): Promise<string>;
  fetch: typeof fetch | undefined;
  /** Milliseconds without any progress until an attempt is aborted. */
  timeout: { json: number; upload: number };
  retry: RetryPolicy;
  /** Describes the certificate of an origin, for error messages. */
  describeCertificate: ((origin: string) => Promise<string | null>) | null;
  /** Called for each request that is sent. */
  onRequest(host: Host): void;
}

/** Sends a call, and again if the policy says so. @throws AtlasError */
export async function send<T>(wire: Wire, call: Call<T>): Promise<T> {
  const begun = performance.now();
  for (let attempt = 1; ; attempt++) {
    const result = await sendOnce(wire, call);
    if ("value" in result) return result.value;
    const { error } = result;
    const wait = nextPause(
      {
        attempt,
        retryable: error.retryable && !error.hostUnreachable,
        repeatable: call.repeatable,
        elapsed: performance.now() - begun,
        retryAfter: error.retryAfter,
      },
      wire.retry,
      Math.random(),
    );
    if (wait === null) throw error;
    await delay(wait, call.signal);
  }
}

/** What the parts of one attempt share. */
interface AttemptContext {
  url: string;
  key: string;
  scrub: Scrub;
  signal: AbortSignal;
  idle: IdleTimer;
}

async function sendOnce<T>(wire: Wire, call: Call<T>): Promise<CallResult<T>> {
  throwIfAborted(call.signal);
  const key = await wire.apiKey(call.signal);
  const hideKey = keyScrubber(key, 4);
  const gate = wire.gates[call.host];
  try {
    await gate.enter(call.signal);
  } catch (error) {
    if (error instanceof AtlasError) return { error };
    throw error;
  }
  const idle = new IdleTimer(idleTime(wire, call.upload));
  const signal = call.signal ? AbortSignal.any([call.signal, idle.signal]) : idle.signal;
  const url = wire.baseUrls[call.host] + call.path;
  const context = { url, key, scrub: (text: string) => hideKey(redactText(text)), signal, idle };
  try {
    wire.onRequest(call.host);
    const response = await ky(url, requestOptions(wire, call, context));
    // A key that the server repeats is removed at once; a short one ("test") may be data.
    const text = keyScrubber(key, 12)(await readText(response, () => idle.touch()));
    const result = interpretAnswer(call, response, text, context.scrub);
    gate.answered("error" in result ? result.error.retryAfter : null);
    return result;
  } catch (cause) {
    return await failedAttempt(wire, call, context, cause);
  } finally {
    idle.stop();
  }
}

function idleTime({ timeout }: Wire, upload: CallUpload | undefined): number {
  if (!upload) return timeout.json;
  return timeout.upload + (sendsStreams ? 0 : unseenUploadTime(upload.multipart.size));
}

async function failedAttempt<T>(
  wire: Wire,
  call: Call<T>,
  { url, key, scrub, idle, signal }: AttemptContext,
  cause: unknown,
): Promise<CallResult<T>> {
  if (cause instanceof MediaPreflightError && !(cause instanceof AtlasError)) throw cause;
  const fault = signal.aborted ? "broken" : connectionFault(cause);
  const gate = wire.gates[call.host];
  if (fault === "no-connection") gate.unreachable(cause);
  else gate.released();
  if (fault === "redirect")
    return interpretAnswer(call, await redirectOf(wire, url, key, call.signal), "", scrub);
  const silent = idle.signal.aborted ? idle.milliseconds : null;
  const error = faultError(call, { error: cause, silent, url }, scrub);
  if (fault !== "certificate" || !wire.describeCertificate) return { error };
  const presented = await wire.describeCertificate(new URL(url).origin).catch(() => null);
  return { error: presented === null ? error : withCertificate(error, presented) };
}

function withCertificate(error: AtlasError, presented: string): AtlasError {
  return new AtlasError(error.code, `${error.summary}: it is ${presented}`, { ...error, cause: error.cause });
}

/**
 * The redirect that an upload got. It is sent with redirects as errors (see below), which do not state the target, so the
 * same URL is requested once more, without the file.
 */
async function redirectOf(
  wire: Wire,
  url: string,
  key: string,
  signal: AbortSignal | null,
): Promise<Response> {
  const limit = AbortSignal.timeout(wire.timeout.json);
  try {
    wire.onRequest("api");
    const response = await (wire.fetch ?? fetch)(url, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, ...ownHeaders },
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    await response.body?.cancel();
    if (response.status >= 300 && response.status < 400) return response;
  } catch {
    throwIfAborted(signal);
  }
  return new Response(null, { status: 307 });
}

/** A browser sets its own User-Agent, and a header that it does not allow would need a CORS preflight. */
const ownHeaders: Readonly<Record<string, string>> = isNodeLike ? { "user-agent": userAgent } : {};

function requestOptions(wire: Wire, call: Call<unknown>, context: AttemptContext): Options {
  const { key, signal } = context;
  const headers: Record<string, string> = {
    accept: "application/json",
    authorization: `Bearer ${key}`,
    ...ownHeaders,
  };
  // On a reused connection, a late second answer to one call could be taken for the answer to the next.
  if (isNodeLike) headers.connection = "close";
  const shared: Options = {
    method: call.method,
    headers,
    signal,
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    credentials: "omit",
    cache: "no-store",
    // A redirect would send the key to another address.
    redirect: "manual",
    ...(wire.fetch && { fetch: wire.fetch }),
    ...(call.query && { searchParams: { ...call.query } }),
  };
  if (call.json !== undefined) return { ...shared, json: call.json };
  return call.upload ? { ...shared, ...uploadOptions(call.upload, headers, context) } : shared;
}

function uploadOptions(
  { multipart, onSent, rateLimit }: CallUpload,
  headers: Record<string, string>,
  { idle, signal }: AttemptContext,
): Options {
  // Without a window and with redirects an error, Node's fetch keeps no second copy of the body.
  const flat = { window: null, redirect: "error" } as const;
  if (!sendsStreams && rateLimit === null) return { ...flat, body: blobBody(multipart) };
  // The length is known: some proxies refuse a chunked body.
  headers["content-length"] = String(multipart.size);
  headers["content-type"] = multipart.contentType;
  const body = streamBody(multipart, {
    signal,
    rateLimit,
    onBytes(fileBytes) {
      idle.touch();
      onSent(fileBytes);
    },
    onWait: (waiting) => (waiting ? idle.pause() : idle.touch()),
  });
  // `duplex` is required for a stream, and missing in the types of fetch.
  return { ...flat, body, ...({ duplex: "half" } as Options) };
}
