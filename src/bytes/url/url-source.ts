import { backoffDelay } from "../../async/backoff.ts";
import { delay } from "../../async/delay.ts";
import { abortError, MediaPreflightError, throwIfAborted } from "../../errors.ts";
import type { ByteSource } from "../source.ts";
import { cutShort, statusFault, wrongRange } from "./answer-faults.ts";
import { UrlFault } from "./connection-error.ts";
import type { UrlAnswer, UrlGet } from "./get.ts";
import { RangedFile } from "./ranged-file.ts";
import { fileName, lengthOf, rangeOf, readUpTo } from "./response.ts";

export interface UrlOptions {
  signal?: AbortSignal | null | undefined;
  /** Milliseconds one request may take. Default 20,000. */
  timeout?: number | undefined;
  /** Bytes read from the start if a server serves no ranges. Default 2 MiB. */
  prefix?: number | undefined;
}

/** The first response, without its body. */
export interface UrlOpened {
  source: ByteSource;
  /** The address that answered, and those that redirected to it. */
  url: URL;
  hops: readonly URL[];
  contentType: string | null;
  /** Whether ranges are served. */
  ranged: boolean;
  /** Strong validator, or null: without one, later responses could be another file's. */
  etag: string | null;
  /** The first bytes of the body. */
  head: Uint8Array;
}

/** Bytes of one request; fewer would not be faster. */
const minReadSize = 65_536;
const defaultPrefix = 2 * 1024 * 1024;
const plainHeaders = { "accept-encoding": "identity", accept: "*/*" };

/**
 * Ranged reads of a URL (RFC 9110, sections 13 to 15). If ranges are refused, a bounded prefix is read and the rest
 * is out of reach. Each read is checked to be of the same file as the first answer.
 * @throws MediaPreflightError `network`, `timeout`, `aborted`; UrlFault
 */
export async function openUrl(address: URL, get: UrlGet, options: UrlOptions = {}): Promise<UrlOpened> {
  const ranged = { ...plainHeaders, range: `bytes=0-${minReadSize - 1}` };
  return withRetries(options, async (signal) => {
    let answer = await get(address, ranged, signal);
    if (refusesRanges(answer)) {
      answer.cancel();
      answer = await get(address, plainHeaders, signal);
    }
    try {
      return await openAnswer(address, answer, get, options);
    } finally {
      answer.cancel();
    }
  });
}

/** Whether the server does not serve ranges. The answer to a range of an empty file is 416 too. */
function refusesRanges(answer: UrlAnswer): boolean {
  const empty = /^bytes \*\/0$/.test(answer.header("content-range") ?? "");
  return [400, 405, 416, 501].includes(answer.status) && !empty;
}

async function openAnswer(
  address: URL,
  answer: UrlAnswer,
  get: UrlGet,
  options: UrlOptions,
): Promise<UrlOpened> {
  const { status, url, hops } = answer;
  const etag = answer.header("etag");
  const strong = etag && !etag.startsWith("W/") ? etag : null;
  const seen = { url, hops, contentType: answer.header("content-type"), etag: strong };
  const name = fileName(url) ?? fileName(address);
  if (status === 416)
    return { ...seen, ranged: true, head: new Uint8Array(), source: prefixSource(new Uint8Array(), 0, name) };
  if (status !== 200 && status !== 206) throw await statusFault(answer);
  const encoding = answer.header("content-encoding");
  if (encoding && encoding.toLowerCase() !== "identity")
    throw new UrlFault(url, { kind: "encoded", encoding });
  if (status === 200) {
    const { bytes, size } = await readPrefix(answer, options.prefix ?? defaultPrefix);
    return { ...seen, ranged: false, head: bytes, source: prefixSource(bytes, size, name) };
  }
  const { head, total } = await readFirstRange(answer);
  const validator = strong ?? answer.header("last-modified");
  const file = new RangedFile({
    url,
    total,
    etag: strong,
    get,
    headers: { ...plainHeaders, ...(validator && { "if-range": validator }) },
    retry: (attempt) => withRetries(options, attempt),
  });
  const source: ByteSource = {
    size: total,
    name,
    minReadSize,
    read: (offset, length) =>
      offset + length <= head.byteLength ? head.subarray(offset, offset + length) : file.read(offset, length),
    close: () => get.close?.(),
  };
  return { ...seen, ranged: true, head, source };
}

/** The beginning of a file whose server serves no ranges, and the size if it is known. */
async function readPrefix(
  answer: UrlAnswer,
  maxBytes: number,
): Promise<{ bytes: Uint8Array; size: number | null }> {
  const contentLength = lengthOf(answer.header("content-length"));
  const { bytes, ended } = await readUpTo(answer, maxBytes);
  if (ended && contentLength !== null && contentLength > bytes.byteLength) throw cutShort(answer.url);
  return { bytes, size: ended ? bytes.byteLength : contentLength };
}

async function readFirstRange(answer: UrlAnswer): Promise<{ head: Uint8Array; total: number | null }> {
  const range = rangeOf(answer);
  if (range?.from !== 0) throw wrongRange(answer.url);
  const { bytes: head } = await readUpTo(answer, Math.min(minReadSize, range.to + 1));
  if (head.byteLength < range.to + 1 && head.byteLength < minReadSize) throw cutShort(answer.url);
  return { head, total: range.total };
}

/** A source of the bytes read from the start; it has a `reach` if there are more. */
function prefixSource(bytes: Uint8Array, size: number | null, name: string | null): ByteSource {
  const whole = size === bytes.byteLength;
  return {
    size,
    name,
    minReadSize,
    ...(whole ? {} : { reach: bytes.byteLength }),
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

const attempts = 3;
const backoff = { base: 500, cap: 2000 };

/** Three attempts, each with its own time limit; the caller's signal ends them all. */
async function withRetries<T>(options: UrlOptions, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = options.signal ?? null;
  for (let attemptNumber = 1; ; attemptNumber++) {
    throwIfAborted(signal);
    const limit = AbortSignal.timeout(options.timeout ?? 20_000);
    try {
      return await attempt(signal ? AbortSignal.any([signal, limit]) : limit);
    } catch (thrown) {
      throwIfAborted(signal);
      const error = limit.aborted && !(thrown instanceof UrlFault) ? abortError(limit) : thrown;
      const mayRetry = error instanceof MediaPreflightError && error.retryable;
      if (!mayRetry || attemptNumber === attempts) throw error;
      await delay(backoffDelay(attemptNumber, backoff), signal);
    }
  }
}
