import type { Spool } from "../bytes/spool.ts";
import { Problem } from "./problem.ts";

export interface Bounds {
  maxBytes: number;
  /** Milliseconds without a byte after which the client is given up. */
  idleTimeout: number;
}

/**
 * Reads a body into the spool and says how many bytes it had. It stops at the cap, however long the body says it
 * is, and where the client falls silent or goes away.
 * @throws Problem 400, 408, 413, 415
 */
export async function receive(request: Request, spool: Spool, bounds: Bounds): Promise<number> {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    throw new Problem(415, "invalid-request", "the body is encoded", { hint: "send the file's own bytes" });
  }
  const stated = statedLength(request);
  if (stated !== null && stated > bounds.maxBytes) throw tooLarge(bounds.maxBytes);
  const reader = request.body?.getReader();
  let size = 0;
  try {
    while (reader) {
      const { done, value } = await nextChunk(reader, bounds.idleTimeout, request.signal);
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
  new Problem(413, "too-large", `the body is larger than the ${cap} bytes this server takes`, {
    hint: "make the file smaller",
    // What is left of the body is not read: the connection is of no further use.
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
    stop = () => reject(gone);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    timer = setTimeout(() => reject(silent), idleTimeout);
  });
  try {
    return await Promise.race([reader.read(), interrupted]);
  } catch (cause) {
    throw cause instanceof Problem ? cause : gone;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

const gone = new Problem(400, "aborted", "the body ended before it was complete", { hint: "send it again" });
const silent = new Problem(408, "timeout", "no more of the body came", {
  hint: "send it again",
  headers: { connection: "close" },
});
