import type { Progress } from "../atlas/types.ts";
import { problemOf } from "./problem.ts";

/** What the work of one request needs. */
export interface RequestContext {
  onProgress(progress: Progress): void;
  /** Fires when the client went away. */
  signal: AbortSignal;
}

const leastMillisecondsBetweenLines = 100;

/**
 * Runs the work and answers newline-delimited JSON: `{progress}` lines, then one `{result}` or `{error}`. The
 * status is 200 before it is known how it ends.
 */
export function streamed(
  work: (context: RequestContext) => Promise<Record<string, unknown>>,
  signal: AbortSignal,
  settle: (error: unknown) => Promise<void>,
): Response {
  const stopped = new AbortController();
  const encoder = new TextEncoder();
  const line = (value: unknown): Uint8Array => encoder.encode(`${JSON.stringify(value)}\n`);
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      let last = 0;
      let said = "";
      // A client may tell of progress after its call has ended; the last line is the last line.
      let over = false;
      let failure: unknown;
      const onProgress = (progress: Progress): void => {
        const whole = progress.total !== null && progress.loaded >= progress.total;
        if (!whole && performance.now() - last < leastMillisecondsBetweenLines) return;
        last = performance.now();
        const now = JSON.stringify({ progress });
        if (now === said || over || stopped.signal.aborted) return;
        said = now;
        controller.enqueue(encoder.encode(`${now}\n`));
      };
      try {
        const result = await work({ onProgress, signal: AbortSignal.any([signal, stopped.signal]) });
        over = true;
        if (!stopped.signal.aborted) controller.enqueue(line({ result }));
      } catch (error) {
        failure = error;
        over = true;
        if (!stopped.signal.aborted) controller.enqueue(line(problemOf(error).body()));
      } finally {
        await settle(failure);
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
