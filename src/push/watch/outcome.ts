import type { Report } from "../../report/report.ts";
import { concernsAllFiles } from "../all-files-errors.ts";
import type { PushEvent } from "../options.ts";
import { retryDelay } from "./retry.ts";
import { quietTime } from "./watch-list.ts";

/** What happens to a file of a watched folder after its push. */
export type WatchOutcome =
  | { kind: "done" }
  /** It did not pass, or the service set its asset to Failed. */
  | { kind: "failed" }
  /** The file stays, and is tried again after `after` milliseconds. */
  | { kind: "retry"; after: number }
  /** The file stays: nothing more is done about it in this run. */
  | { kind: "left" }
  /** No other file can succeed: the watch ends. */
  | { kind: "stop" };

/**
 * The outcome that an event means; null while the file is on its way.
 * @param attempts how often the file was tried in its present state
 */
export function outcomeOf(event: PushEvent, attempts: number): WatchOutcome | null {
  switch (event.kind) {
    case "done":
      return { kind: "done" };
    case "refused":
      return { kind: "failed" };
    case "error": {
      const { error } = event;
      if (error.code === "asset-failed") return { kind: "failed" };
      if (concernsAllFiles(error)) return { kind: "stop" };
      // It was written to again: wait until that has ended.
      if (error.code === "changed") return { kind: "retry", after: quietTime };
      const after = retryDelay(error, attempts);
      return after === null ? { kind: "left" } : { kind: "retry", after };
    }
    default:
      return null;
  }
}

/** Whether a report says that bytes are missing: the file may still be being written. */
export function looksUnfinished({ findings }: Pick<Report, "findings">): boolean {
  return findings.some(({ reason }) => reason === "damaged");
}
