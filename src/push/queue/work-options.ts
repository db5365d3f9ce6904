import type { Asset } from "../../atlas/types.ts";
import type { MediaPreflightError } from "../../errors.ts";
import type { Report } from "../../report/report.ts";
import type { SubmitOptions } from "../../submit/options.ts";
import type { QueueOptions } from "./open-queue.node.ts";

/** The result of one attempt at a job. */
export type WorkEvent =
  | { kind: "start"; file: string }
  | { kind: "done"; file: string; report: Report; asset: Asset; reused: boolean }
  /** It is tried again later. */
  | { kind: "retry"; file: string; error: unknown; attempt: number }
  /** It failed finally: its reasons are in the dead letters. */
  | { kind: "dead"; file: string; report: Report | null; error: unknown };

/** How a worker submits. */
export interface WorkOptions
  extends QueueOptions,
    Omit<SubmitOptions, "account" | "assetName" | "file" | "ledger" | "onProgress" | "signal" | "type"> {
  /** Schema of the ledger's tables. Default "media_preflight". */
  ledgerSchema?: string | undefined;
  /** The folder below which local files may be opened. Default: none, the worker only takes URLs. */
  sharedRoot?: string | undefined;
  /** Jobs at a time. Default 4. */
  jobs?: number | undefined;
  /** Return once no job waits or runs, on any machine. Default false: wait for new jobs until the signal fires. */
  untilEmpty?: boolean | undefined;
  /** Takes no new job once it fires; jobs that run may end within `drain`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds that running jobs may take once the signal fired; then they are stopped and queued again. Default 60,000. */
  drain?: number | undefined;
  onEvent?: ((event: WorkEvent) => void) | undefined;
}

/** Counts of attempts. */
export interface WorkSummary {
  done: number;
  retried: number;
  dead: number;
  /** The error that stopped the worker, because it concerns all files: the key, the account or the ledger. */
  fatal: MediaPreflightError | null;
}
