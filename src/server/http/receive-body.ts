import type { Spool } from "../../bytes/spool.ts";
import { Problem } from "./problem.ts";

/** How much of a body is accepted, and how slowly. */
export interface BodyBounds {
  maxBytes: number;
  /** Milliseconds without a byte after which the client is disconnected. */
  idleTimeout: number;
  /** Average bytes per second since the body began, with `idleTimeout` to spare. */
  minBytesPerSecond: number;
}

/**
 * Reads a body into the spool and returns its size. It stops at `maxBytes`, whatever Content-Length says, and if the
 * client sends nothing for a while, is too slow or disconnects.
 * @throws Problem 400, 408, 413, 415
 */
export async function receive(request: Request, spool: Spool, bounds: BodyBounds): Promise<number> {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    throw new Problem(415, "invalid-request", "the body is encoded", { hint: "send the file's own bytes" });
  }
  const stated = statedLength(request);
  if (stated !== null && stated > bounds.maxBytes) throw tooLarge(bounds.maxBytes);
  const reader = request.body?.getReader();
  const start = performance.now();
  let size = 0;
  try {
    while (reader) {
      // A byte now and then must not occupy a slot for long: the allowed time grows with the bytes received.
      const allowed = bounds.idleTimeout + (size / bounds.minBytesPerSecond) * 1000;
      const left = allowed - (performance.now() - start);
      if (left <= 0) throw tooSlow;
      const { done, value } = await nextChunk(reader, Math.min(bounds.idleTimeout, left), request.signal);
      if (done) break;
      size += value.byteLength;
      if (size > bounds.maxBytes) throw tooLarge(bounds.maxBytes);
      await spool.write(value);
    }
  } finally {
    reader?.cancel().catch(() => {});
  }
  if (stated !== null && stated !== size) {
    throw new Problem(400, "invalid-request", `the body has ${size} bytes, Content-Length says ${stated}`, {
      hint: "send it again, whole",
    });
  }
  return size;
}

function statedLength(request: Request): number | null {
  const text = request.headers.get("content-length");
  if (text === null) return null;
  if (!/^\d{1,15}$/.test(text)) throw new Problem(400, "invalid-request", "Content-Length is not a number");
  return Number(text);
}

const tooLarge = (cap: number): Problem =>
  new Problem(413, "too-large", `the body is larger than the ${cap} bytes this server accepts`, {
    hint: "make the file smaller",
    // The rest of the body is not read, so the connection cannot be used again.
    headers: { connection: "close" },
  });

async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  idleTimeout: number,
  signal: AbortSignal,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop = (): void => {};
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => reject(incomplete);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    timer = setTimeout(() => reject(stalled), idleTimeout);
  });
  try {
    return await Promise.race([reader.read(), interrupted]);
  } catch (cause) {
    throw cause instanceof Problem ? cause : incomplete;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

const incomplete = new Problem(400, "aborted", "the body ended before it was complete", {
  hint: "send it again",
});
const stalled = new Problem(408, "timeout", "no more of the body came", {
  hint: "send it again",
  headers: { connection: "close" },
});
const tooSlow = new Problem(408, "timeout", "the body came too slowly", {
  hint: "send it again over a faster connection",
  headers: { connection: "close" },
});
