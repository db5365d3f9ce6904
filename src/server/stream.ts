import type { Progress } from "../atlas/types.ts";
import type { Problem } from "./problem.ts";

/** What the work of one request needs. */
export interface RequestContext {
  onProgress(progress: Progress): void;
  /** Fires when the client goes away. */
  signal: AbortSignal;
}

/** Work whose progress is streamed. None of the functions but `work` may throw. */
export interface StreamedWork {
  work(context: RequestContext): Promise<Record<string, unknown>>;
  signal: AbortSignal;
  /** The error as the client sees it. */
  problemOf(error: unknown): Problem;
  /** Called once, when the work has ended. */
  release(): Promise<void>;
}

const minMillisecondsBetweenLines = 100;

/**
 * Runs the work and answers newline-delimited JSON: `{progress}` lines, then one `{result}` or `{error}`. The status is
 * 200 before the outcome is known.
 */
export function streamed({ work, signal, problemOf, release }: StreamedWork): Response {
  const stopped = new AbortController();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      // Progress may be reported after the work has ended; the last line stays the last.
      let ended = false;
      const send = (value: unknown): void => {
        if (!ended && !stopped.signal.aborted)
          controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      };
      const onProgress = throttled((progress) => send({ progress }));
      try {
        const result = await work({ onProgress, signal: AbortSignal.any([signal, stopped.signal]) });
        send({ result });
      } catch (error) {
        send(problemOf(error).body());
      } finally {
        ended = true;
        await release();
        if (!stopped.signal.aborted) controller.close();
      }
    },
    cancel() {
      stopped.abort();
    },
  });
  return new Response(body, {
    headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" },
  });
}

/** Passes on what is new, at most every 100 ms; the end of a phase always. */
function throttled(send: (progress: Progress) => void): (progress: Progress) => void {
  let lastTime = Number.NEGATIVE_INFINITY;
  let last = "";
  return (progress) => {
    const complete = progress.total !== null && progress.loaded >= progress.total;
    const now = performance.now();
    if (!complete && now - lastTime < minMillisecondsBetweenLines) return;
    lastTime = now;
    const text = JSON.stringify(progress);
    if (text === last) return;
    last = text;
    send(progress);
  };
}
