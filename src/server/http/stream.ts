import type { Progress } from "../../atlas/types.ts";
import type { Problem } from "./problem.ts";
import type { RequestContext } from "./request-context.ts";

/** Work whose progress is streamResponse. None of the functions but `work` may throw. */
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
export function streamResponse({ work, signal, problemOf, release }: StreamedWork): Response {
  const cancelled = new AbortController();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      // Progress may be reported after the work has ended: nothing follows the last line.
      let ended = false;
      const send = (value: unknown): void => {
        if (!ended && !cancelled.signal.aborted)
          controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      };
      const onProgress = throttle((progress) => send({ progress }));
      try {
        const result = await work({ onProgress, signal: AbortSignal.any([signal, cancelled.signal]) });
        send({ result });
      } catch (error) {
        send(problemOf(error).body());
      } finally {
        ended = true;
        await release();
        if (!cancelled.signal.aborted) controller.close();
      }
    },
    cancel() {
      cancelled.abort();
    },
  });
  return new Response(body, {
    headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" },
  });
}

/** Forwards new progress, at most every 100 ms; the end of a phase always. */
function throttle(send: (progress: Progress) => void): (progress: Progress) => void {
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
