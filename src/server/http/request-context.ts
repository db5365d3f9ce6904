import type { Progress } from "../../atlas/types.ts";

/** How the work of one request reports progress, and when it should stop. */
export interface RequestContext {
  onProgress(progress: Progress): void;
  /** Fires when the client disconnects. */
  signal: AbortSignal;
}
