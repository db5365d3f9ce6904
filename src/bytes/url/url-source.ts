import { delay } from "../../async/delay.ts";
import { abortError, MediaPreflightError, throwIfAborted } from "../../errors.ts";
import type { ByteSource } from "../source.ts";
import { UrlFault } from "./connection-error.ts";
import type { UrlAnswer, UrlGet } from "./get.ts";
import { Recent } from "./recent-reads.ts";
import { redactUrl } from "./redact.ts";
import { fileName, join, lengthOf, rangeOf, upTo } from "./response.ts";

export interface UrlOptions {
  signal?: AbortSignal | null | undefined;
  /** Milliseconds one request may take. Default 20,000. */
  timeout?: number | undefined;
  /** Bytes read from the start where a server serves no ranges. Default 2 MiB. */
  prefix?: number | undefined;
}

/** What the first answer said, besides the bytes. */
export interface UrlOpened {
  source: ByteSource;
  /** The address that answered, and those passed on the way. */
  url: URL;
  hops: readonly URL[];
  contentType: string | null;
  /** Whether ranges are served. */
  ranged: boolean;
  /** Strong validator, or null: without one, later answers cannot be told from another file's. */
  etag: string | null;
  /** The first bytes of the body. */
  head: Uint8Array;
}

const grain = 65_536;
/** Bytes of an error page that are kept: enough to tell what it is. */
const pageBytes = 16_384;

/**
 * Ranged reads of an address (RFC 9110, sections 13 to 15). Where ranges are refused, a bounded prefix is read and
 * the rest is out of reach. Each read is checked to be of the file that the first answer was of.
 * @throws MediaPreflightError `network`, `timeout`, `aborted`; UrlFault
 */
export async function openUrl(address: URL, get: UrlGet, options: UrlOptions = {}): Promise<UrlOpened> {
  const asked = { "accept-encoding": "identity", accept: "*/*" };
  const first = { ...asked, range: `bytes=0-${grain - 1}` };
  return withRetries(options, async (signal) => {
    let answer = await get(address, first, signal);
    if (
      [400, 405, 416, 501].includes(answer.status) &&
      !/^bytes \*\/0$/.test(answer.header("content-range") ?? "")
    ) {
      answer.cancel();
      answer = await get(address, asked, signal);
    }
    try {
      return await opened(address, answer, get, options, asked);
    } finally {
      answer.cancel();
    }
  });
}

async function opened(
  address: URL,
  answer: UrlAnswer,
  get: UrlGet,
  options: UrlOptions,
  asked: Readonly<Record<string, string>>,
): Promise<UrlOpened> {
  const { status, url, hops } = answer;
  const contentType = answer.header("content-type");
  const etag = answer.header("etag");
  const strong = etag && !etag.startsWith("W/") ? etag : null;
  const seen = { url, hops, contentType, etag: strong };
  const name = fileName(url) ?? fileName(address);
  const encoding = answer.header("content-encoding");
  if (status === 416)
    return { ...seen, ranged: true, head: new Uint8Array(), source: memory(new Uint8Array(), 0, name) };
  if (status !== 200 && status !== 206) {
    const { bytes } = await upTo(answer, pageBytes);
    throw new UrlFault(url, { kind: "status", status, url, head: bytes, contentType });
  }
  if (encoding && encoding.toLowerCase() !== "identity")
    throw new UrlFault(url, { kind: "encoded", encoding });
  if (status === 200) {
    const stated = lengthOf(answer.header("content-length"));
    const { bytes, ended } = await upTo(answer, options.prefix ?? 2 * 1024 * 1024);
    if (ended && stated !== null && stated > bytes.byteLength) throw cutShort(url);
    const size = ended ? bytes.byteLength : stated;
    return { ...seen, ranged: false, head: bytes, source: memory(bytes, size, name) };
  }
  const range = rangeOf(answer);
  if (range?.from !== 0) throw wrongRange(url);
  const { bytes: head } = await upTo(answer, Math.min(grain, range.to + 1));
  if (head.byteLength < range.to + 1 && head.byteLength < grain) throw cutShort(url);
  const { total } = range;
  const validator = strong ?? answer.header("last-modified");
  const headers = { ...asked, ...(validator && { "if-range": validator }) };

  async function fetchRange(offset: number, length: number): Promise<Uint8Array> {
    return withRetries(options, async (signal) => {
      const to = Math.min(offset + length, total ?? Number.MAX_SAFE_INTEGER) - 1;
      // The final address: a redirect was followed once, and a signed one may be good for one look only.
      const part = await get(url, { ...headers, range: `bytes=${offset}-${to}` }, signal);
      try {
        if (part.status === 416 && total === null) return new Uint8Array();
        const now = rangeOf(part);
        const partTag = part.header("etag");
        if (
          part.status === 200 ||
          part.status === 416 ||
          (now && now.total !== total) ||
          (strong && partTag && partTag !== strong)
        )
          throw new MediaPreflightError("changed", "it changed while it was being read", {
            hint: "run it again",
          });
        if (part.status !== 206) {
          const { bytes } = await upTo(part, pageBytes);
          const contentType = part.header("content-type");
          throw new UrlFault(url, { kind: "status", status: part.status, url, head: bytes, contentType });
        }
        if (!now || now.from !== offset || now.to > to) throw wrongRange(url);
        const { bytes } = await upTo(part, now.to - offset + 1);
        if (bytes.byteLength < now.to - offset + 1) throw cutShort(url);
        return bytes;
      } finally {
        part.cancel();
      }
    });
  }

  const recent = new Recent();

  async function read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, total ?? Number.MAX_SAFE_INTEGER);
    const had = recent.held(offset, end);
    if (had) return had;
    const parts: Uint8Array[] = [];
    let at = offset;
    // A server may give less than was asked for: ask for the rest.
    for (let turns = 0; at < end && turns < 64; turns++) {
      const part = await fetchRange(at, end - at);
      if (part.byteLength === 0) break;
      parts.push(part);
      at += part.byteLength;
    }
    if (total !== null && at < end) throw cutShort(url);
    const bytes = join(parts);
    recent.keep(offset, bytes);
    return bytes;
  }

  const source: ByteSource = {
    size: total,
    name,
    grain,
    read: (offset, length) =>
      offset + length <= head.byteLength ? head.subarray(offset, offset + length) : read(offset, length),
    close: () => get.close?.(),
  };
  return { ...seen, ranged: true, head, source };
}

/** What was read from the start; `reach` says that there is more. */
function memory(bytes: Uint8Array, size: number | null, name: string | null): ByteSource {
  const whole = size === bytes.byteLength;
  return {
    size,
    name,
    grain,
    ...(whole ? {} : { reach: bytes.byteLength }),
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

function wrongRange(url: URL): MediaPreflightError {
  return new MediaPreflightError(
    "network",
    `${redactUrl(url)}: the server answered with another range than asked for`,
    {
      hint: "the server's range support is broken: give another address",
    },
  );
}

function cutShort(url: URL): MediaPreflightError {
  return new MediaPreflightError("network", `${redactUrl(url)}: the answer was cut short`, {
    retryable: true,
    hint: "try again later",
  });
}

/** Three tries, each with its own time limit; the caller's signal ends them all. */
async function withRetries<T>(options: UrlOptions, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = options.signal ?? null;
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal);
    const limit = AbortSignal.timeout(options.timeout ?? 20_000);
    try {
      return await act(signal ? AbortSignal.any([signal, limit]) : limit);
    } catch (error) {
      throwIfAborted(signal);
      const told = limit.aborted && !(error instanceof UrlFault) ? abortError(limit) : error;
      const again = told instanceof MediaPreflightError && told.retryable;
      if (!again || attempt === 3) throw told;
      await delay(200 * 2 ** attempt, signal);
    }
  }
}
