import type { ServerContext } from "@modelcontextprotocol/server";

/** Reports progress: `done` of `total`; `done` only grows. */
export type ReportProgress = (done: number, total: number, message: string) => void;

const minIntervalInMilliseconds = 200;

/**
 * Progress notifications of one call, if its client requested them. The protocol requires each value to be larger than the
 * last, and a limited rate (2025-06-18, "Progress").
 */
export function progressOf(context: ServerContext): ReportProgress {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let last = 0;
  let lastMessage = "";
  let sentAt = Number.NEGATIVE_INFINITY;
  return (progress, total, message) => {
    const now = performance.now();
    const tooSoon = now - sentAt < minIntervalInMilliseconds && message === lastMessage;
    if (progress <= last || tooSoon || context.mcpReq.signal.aborted) return;
    [last, lastMessage, sentAt] = [progress, message, now];
    const params = { progressToken, progress, total, message };
    // If the client has disconnected, its signal ends the call.
    context.mcpReq.notify({ method: "notifications/progress", params }).catch(() => {});
  };
}
