import type { RateLimit } from "../../async/rate-limit.ts";
import { InvalidAnswer } from "./call.ts";
import type { Multipart } from "./multipart.ts";

/** Thrown if a body does not have the size of its parts. */
export class WrongBodySize extends Error {
  override readonly name = "WrongBodySize";
  constructor(expected: number, actual: number) {
    super(`the body has ${actual} bytes instead of ${expected}`);
  }
}

/**
 * The body as one Blob, whose parts are read as they are sent.
 * @throws WrongBodySize if the runtime loses bytes: under Bun 1.4 a Blob made of another Blob over a file has
 *   only the bytes around it (measured)
 */
export function blobBody({ head, file, tail, contentType, size }: Multipart): Blob {
  const body = new Blob([head, file, tail], { type: contentType });
  if (body.size !== size) throw new WrongBodySize(size, body.size);
  return body;
}

/** Bytes passed to the network at a time: small enough for progress, smaller still for a limited rate. */
const chunkBytes = 64 * 1024;
const rateLimitedChunkBytes = 16 * 1024;

export interface StreamOptions {
  signal: AbortSignal;
  rateLimit: RateLimit | null;
  /** Called with the bytes of the file that were read so far. */
  onBytes(fileBytes: number): void;
  /** Called before and after waiting for the rate limit: no progress is expected in between. */
  onWait(waiting: boolean): void;
}

/**
 * The body as a stream that reads the next chunk when the network requests one, so that memory does not grow and progress
 * is what was sent. It fails if the number of bytes is not the announced one.
 */
export function streamBody(
  body: Pick<Multipart, "head" | "file" | "tail">,
  options: StreamOptions,
): ReadableStream<Uint8Array> {
  const chunks = chunksOf(body, options);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => void (await chunks.return(undefined)),
    },
    { highWaterMark: 0 },
  );
}

async function* chunksOf(
  { head, file, tail }: Pick<Multipart, "head" | "file" | "tail">,
  { signal, rateLimit, onBytes, onWait }: StreamOptions,
): AsyncGenerator<Uint8Array, undefined> {
  if (head.byteLength > 0) yield head;
  let sent = 0;
  const reader = file.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const step = rateLimit ? rateLimitedChunkBytes : chunkBytes;
      for (let at = 0; at < value.byteLength; at += step) {
        const chunk = value.subarray(at, at + step);
        if (rateLimit) {
          onWait(true);
          await rateLimit(chunk.byteLength, signal);
          onWait(false);
        }
        sent += chunk.byteLength;
        yield chunk;
        onBytes(sent);
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  if (sent !== file.size) throw new WrongBodySize(file.size, sent);
  onBytes(sent);
  if (tail.byteLength > 0) yield tail;
}

/** Whether the size in an upload's answer is that of the file. @throws InvalidAnswer if it is another */
export function checkReceivedSize(received: number | null, sent: number): void {
  if (received !== null && received !== sent)
    throw new InvalidAnswer(`an upload of ${received} bytes, but ${sent} were sent`);
}
