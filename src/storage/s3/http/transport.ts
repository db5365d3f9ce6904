import { delay } from "../../../async/delay.ts";
import type { RateLimit } from "../../../async/rate-limit.ts";
import { InvalidAnswer } from "../../../atlas/http/call.ts";
import { IdleTimer, unseenUploadTime } from "../../../atlas/http/idle-timer.ts";
import { nextPause, parseRetryAfter, type RetryPolicy } from "../../../atlas/http/retry.ts";
import { streamBody } from "../../../atlas/http/upload-body.ts";
import { userAgent } from "../../../atlas/http/user-agent.ts";
import { isNodeLike, sendsStreams } from "../../../bytes/url/runtime.ts";
import { abortError, MediaPreflightError, throwIfAborted } from "../../../errors.ts";
import { StorageError } from "../../error.ts";
import type { CredentialsCache, S3Credentials } from "../credentials.ts";
import { type BucketPlace, objectUrl, withQuery } from "../object-url.ts";
import { answerError, type Operation } from "./answer-error.ts";
import { faultError } from "./fault-error.ts";
import { scrubber } from "./scrub.ts";
import { type Dialect, emptySha256, signHeaders } from "./sign.ts";
import { textOf } from "./xml.ts";

/** What every request to a bucket needs. */
export interface S3Wire extends BucketPlace {
  dialect: Dialect;
  credentials: CredentialsCache;
  fetch: typeof fetch | undefined;
  /** Milliseconds without any progress until an attempt is aborted. */
  timeout: number;
  retry: RetryPolicy;
}

/** One operation. */
export interface S3Request {
  /** S3's name of it. */
  name: string;
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Null for an operation on the bucket. */
  key: string | null;
  query?: Readonly<Record<string, string>>;
  /** In lower case. */
  headers?: Readonly<Record<string, string>>;
  body?: S3Body;
  /** Statuses besides 2xx that are an answer, not an error. */
  accept?: readonly number[];
  /** Most bytes of a successful answer. Default 4 MiB. */
  maxBytes?: number;
  signal: AbortSignal | null;
}

/** A request's body. */
export interface S3Body {
  content: Blob | string;
  sha256: string;
  /** Called with the bytes sent so far; a retry starts over. */
  onSent?: (bytes: number) => void;
  rateLimit?: RateLimit | null;
}

/** An answer, read to its end. */
export interface S3Answer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  text(): string;
}

const maxAnswerBytes = 4 * 1024 * 1024;
/** Error codes for which fetching the credentials again may help. */
const staleCredentials: ReadonlySet<string> = new Set(["ExpiredToken", "InvalidToken", "InvalidAccessKeyId"]);

/** Sends a request, with retries; every operation here is safe to repeat. @throws StorageError */
export async function send(wire: S3Wire, request: S3Request): Promise<S3Answer> {
  const begun = performance.now();
  let refreshed = false;
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(request.signal);
    const credentials = await wire.credentials.get(request.signal);
    const result = await sendOnce(wire, request, credentials);
    if (!(result instanceof StorageError)) return result;
    if (!refreshed && staleCredentials.has(result.storageCode ?? "") && wire.credentials.forget()) {
      refreshed = true;
      continue;
    }
    const elapsed = performance.now() - begun;
    const { retryAfter } = result;
    const retryable = result.retryable || mayBeAllowedSoon(request, result, attempt);
    const failed = { attempt, retryable, repeatable: true, elapsed, retryAfter };
    const wait = nextPause(failed, wire.retry, Math.random());
    if (wait === null) throw result;
    await delay(wait, request.signal);
  }
}

/**
 * A new permission takes some seconds to be known everywhere (AWS IAM User Guide, "Changes that I make
 * are not always immediately visible"). To a read, a denial may mean that there is no such object.
 */
function mayBeAllowedSoon({ method }: S3Request, { storageCode }: StorageError, attempt: number): boolean {
  return storageCode === "AccessDenied" && attempt < 3 && (method === "PUT" || method === "POST");
}

async function sendOnce(
  wire: S3Wire,
  request: S3Request,
  credentials: S3Credentials,
): Promise<S3Answer | StorageError> {
  const { name, key, body, signal } = request;
  const url = withQuery(objectUrl(wire, key), request.query ?? {});
  const scrub = scrubber(credentials);
  const idle = new IdleTimer(idleTime(wire, body));
  const ended = signal ? AbortSignal.any([signal, idle.signal]) : idle.signal;
  try {
    const unsigned = {
      method: request.method,
      url,
      headers: request.headers ?? {},
      bodySha256: body?.sha256 ?? emptySha256,
    };
    const headers = await signHeaders({ ...wire, credentials }, unsigned);
    const response = await (wire.fetch ?? fetch)(url, requestInit(request, headers, ended, idle));
    const maxBytes = (response.ok ? request.maxBytes : undefined) ?? maxAnswerBytes;
    const bytes = await readBytes(response, maxBytes, () => idle.touch());
    const answer: S3Answer = {
      status: response.status,
      headers: response.headers,
      bytes,
      text: () => new TextDecoder().decode(bytes),
    };
    if (request.accept?.includes(response.status)) return answer;
    // CopyObject and CompleteMultipartUpload answer 200 before they are done: the error is in the body.
    if (response.ok && (request.method === "GET" || textOf(answer.text(), "Error") === null)) return answer;
    const operation: Operation = { name, bucket: wire.bucket, region: wire.region, key, scrub };
    const date = Date.parse(response.headers.get("date") ?? "");
    const serverNow = Number.isFinite(date) ? date : Date.now();
    const retryAfter = parseRetryAfter(response.headers.get("retry-after"), serverNow);
    return answerError(operation, { ...answer, body: answer.text() }, retryAfter);
  } catch (cause) {
    if (signal?.aborted) throw abortError(signal);
    if (cause instanceof MediaPreflightError) throw cause;
    const silent = idle.signal.aborted ? idle.milliseconds : null;
    return faultError({ name, key, sendsBody: body !== undefined }, { cause, silent, url, scrub });
  } finally {
    idle.stop();
  }
}

function idleTime({ timeout }: S3Wire, body: S3Body | undefined): number {
  if (!(body?.content instanceof Blob) || sendsStreams) return timeout;
  return timeout + unseenUploadTime(body.content.size);
}

/** Browsers set their own, and it would need to be allowed by CORS. */
const ownHeaders: Readonly<Record<string, string>> = isNodeLike ? { "user-agent": userAgent } : {};

function requestInit(
  { method, body }: S3Request,
  signed: Record<string, string>,
  signal: AbortSignal,
  idle: IdleTimer,
): RequestInit {
  const { host: _, ...headers } = { ...ownHeaders, ...signed };
  const shared: RequestInit = { method, headers, signal, credentials: "omit", cache: "no-store" };
  if (!body) return { ...shared, redirect: "manual" };
  const { content, onSent, rateLimit = null } = body;
  if (typeof content === "string") return { ...shared, redirect: "manual", body: content };
  // Without a window and with redirects an error, Node's fetch keeps no second copy of the body.
  const flat = { window: null, redirect: "error" } as const;
  if (content.size === 0 || (!sendsStreams && rateLimit === null))
    return { ...shared, ...flat, body: content };
  headers["content-length"] = String(content.size);
  const none = new Uint8Array();
  const stream = streamBody(
    { head: none, file: content, tail: none },
    {
      signal,
      rateLimit,
      onBytes(sent) {
        idle.touch();
        onSent?.(sent);
      },
      onWait: (waiting) => (waiting ? idle.pause() : idle.touch()),
    },
  );
  return { ...shared, ...flat, body: stream, ...({ duplex: "half" } as RequestInit) };
}

async function readBytes(response: Response, maxBytes: number, onBytes: () => void): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    onBytes();
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw new InvalidAnswer(`an answer of more than ${maxBytes} bytes`);
    }
    chunks.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}
