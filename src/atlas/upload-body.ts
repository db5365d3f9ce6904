import type { RateLimit } from "../async/rate-limit.ts";
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

/** Bytes handed to the network at a time: small enough for progress, smaller still for a limited rate. */
const pieceBytes = 64 * 1024;
const limitedPieceBytes = 16 * 1024;

export interface StreamOptions {
  signal: AbortSignal;
  rateLimit: RateLimit | null;
  /** Called with the bytes of the file that were read so far. */
  onBytes(fileBytes: number): void;
  /** Called before and after waiting for the rate limit: silence in between is no stall. */
  onWait(waiting: boolean): void;
}

/**
 * The body as a stream that reads the next piece when the network wants one, so that memory stays flat and progress
 * is what was sent. It fails rather than end with other than the promised number of bytes.
 */
export function streamBody(multipart: Multipart, options: StreamOptions): ReadableStream<Uint8Array> {
  const pieces = piecesOf(multipart, options);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => void (await pieces.return(undefined)),
    },
    { highWaterMark: 0 },
  );
}

async function* piecesOf(
  { head, file, tail }: Multipart,
  { signal, rateLimit, onBytes, onWait }: StreamOptions,
): AsyncGenerator<Uint8Array, undefined> {
  yield head;
  let sent = 0;
  const reader = file.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const step = rateLimit ? limitedPieceBytes : pieceBytes;
      for (let at = 0; at < value.byteLength; at += step) {
        const piece = value.subarray(at, at + step);
        if (rateLimit) {
          onWait(true);
          await rateLimit(piece.byteLength, signal);
          onWait(false);
        }
        sent += piece.byteLength;
        yield piece;
        onBytes(sent);
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  if (sent !== file.size) throw new WrongBodySize(file.size, sent);
  onBytes(sent);
  yield tail;
}

/** Whether the size in an upload's answer is that of the file. @throws InvalidAnswer if it is another */
export function checkReceivedSize(received: number | null, sent: number): void {
  if (received !== null && received !== sent)
    throw new InvalidAnswer(`an upload of ${received} bytes, but ${sent} were sent`);
}
