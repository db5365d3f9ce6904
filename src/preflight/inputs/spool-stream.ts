import type { Spool } from "../../bytes/spool.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import { abortError, MediaPreflightError, throwIfAborted } from "../../errors.ts";
import { isResponse, type StreamInput } from "./stream-input.ts";

/** How a stream is spooled. */
export interface SpoolOptions {
  /** Most bytes of a stream. Default 536,870,912 (512 MiB). */
  maxStreamBytes?: number | undefined;
  signal?: AbortSignal | null | undefined;
}

/** A stream's bytes, readable at random until `remove`. */
export interface SpooledStream {
  blob: Blob;
  /** The last segment of a Response's URL; null for anything else. */
  name: string | null;
  remove(): Promise<void>;
}

const defaultMaxStreamBytes = 512 * 1024 * 1024;

/**
 * Reads a stream to its end into a spool. If that fails, the spool is removed and the stream cancelled.
 * @throws MediaPreflightError `usage` (already read, not bytes), `unreadable` (it failed, or is too long), `network` (a
 * Response whose status is not 2xx), `aborted`, `timeout`
 */
export async function spoolStream(
  input: StreamInput,
  spool: Spool,
  { maxStreamBytes = defaultMaxStreamBytes, signal = null }: SpoolOptions,
): Promise<SpooledStream> {
  let reader: ChunkReader | undefined;
  try {
    throwIfAborted(signal);
    if (isResponse(input)) requireOk(input);
    reader = openReader(input);
    let size = 0;
    for (;;) {
      const { done, value } = await nextChunk(reader, signal);
      if (done) break;
      if (!(value instanceof Uint8Array)) throw notBytes(value);
      size += value.byteLength;
      if (size > maxStreamBytes) throw tooLong(maxStreamBytes);
      await spool.write(value);
    }
    return { blob: await spool.blob(), name: nameOf(input), remove: () => spool.remove() };
  } catch (error) {
    reader?.cancel();
    await spool.remove();
    throw error;
  }
}

interface ChunkReader {
  next(): Promise<{ done?: boolean | undefined; value?: unknown }>;
  /** Ends the stream early; never throws, and waits for nothing. */
  cancel(): void;
}

function openReader(input: StreamInput): ChunkReader {
  const stream = isResponse(input) ? input.body : input;
  const read = (isResponse(input) && input.bodyUsed) || (stream as { locked?: boolean } | null)?.locked;
  if (read)
    throw new MediaPreflightError("usage", "the stream has been read already", {
      hint: "give a stream that nothing else reads, or response.clone()",
    });
  if (stream === null) return { next: async () => ({ done: true }), cancel: () => {} };
  if (stream instanceof ReadableStream) {
    const reader = stream.getReader();
    return { next: () => reader.read(), cancel: () => void reader.cancel().catch(() => {}) };
  }
  const iterator = stream[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    cancel() {
      // A Readable ends at once; another iterable when its pending chunk has arrived.
      (stream as { destroy?: () => void }).destroy?.();
      void Promise.resolve(iterator.return?.()).catch(() => {});
    },
  };
}

/** The next chunk, unless the signal fires first. */
async function nextChunk(
  reader: ChunkReader,
  signal: AbortSignal | null,
): Promise<{ done?: boolean | undefined; value?: unknown }> {
  const next = reader.next().catch((cause: unknown) => {
    if (cause instanceof MediaPreflightError) throw cause;
    throw new MediaPreflightError("unreadable", "the stream failed before its end", {
      cause,
      hint: "open it again",
    });
  });
  if (!signal) return next;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(abortError(signal));
    signal.addEventListener("abort", stop, { once: true });
  });
  // If the signal fires first, a later rejection is not an unhandled one.
  next.catch(() => {});
  try {
    return await Promise.race([next, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function requireOk(response: Response): void {
  if (response.ok) return;
  throw new MediaPreflightError(
    "network",
    `the response has status ${response.status}, so its body is no media`,
    {
      status: response.status,
      url: response.url === "" ? null : redactUrl(response.url),
      hint: "check response.ok first",
    },
  );
}

function nameOf(input: StreamInput): string | null {
  if (!isResponse(input) || !URL.canParse(input.url)) return null;
  const segment = new URL(input.url).pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(segment) || null;
  } catch {
    return segment;
  }
}

function notBytes(value: unknown): MediaPreflightError {
  const what = typeof value === "string" ? "text" : "objects";
  return new MediaPreflightError("usage", `the stream gives ${what}, not bytes`, {
    hint: "give a stream of Uint8Array chunks: without setEncoding() or objectMode",
  });
}

function tooLong(maxStreamBytes: number): MediaPreflightError {
  return new MediaPreflightError("unreadable", `the stream has more than ${maxStreamBytes} bytes`, {
    hint: "save it to a file and give the file, or raise maxStreamBytes",
  });
}
