import type { Asset, Progress } from "../atlas/types.ts";
import type { MediaPreflightError } from "../errors.ts";
import type { Kind } from "../facts/formats.ts";
import type { Report } from "../report/report.ts";
import type { SubmitOptions } from "../submit/options.ts";
import type { SubmitError } from "../submit/submit-error.ts";
import type { PushTotals } from "./progress.ts";

/** One file to push. */
export interface PushFile<Input> extends Pick<SubmitOptions, "rules" | "limits" | "strict"> {
  input: Input;
  /** What it is called in events and reports: a path as given. */
  file: string;
  type?: Kind | undefined;
  /** The asset's name. */
  name?: string | undefined;
}

/** What a dry run says would be done. */
export type PushPlan =
  | "reuse" // the ledger has it Active
  | "wait" // it is registered: wait until Active
  | "look" // a registration's answer was lost: look for it
  | "register" // it is uploaded
  | "upload" // upload and register
  | "again"; // it was Failed before, and the user wants it tried again

/** News of one file. Each file ends with exactly one of `done`, `refused`, `planned`, `error`. */
export type PushEvent =
  | { kind: "start"; file: string }
  | { kind: "judged"; file: string; report: Report }
  | ({ kind: "progress"; file: string } & Progress)
  | { kind: "note"; file: string; message: string }
  | { kind: "registered"; file: string; asset: Asset }
  | { kind: "done"; file: string; report: Report; asset: Asset; reused: boolean }
  | { kind: "refused"; file: string; report: Report; error: SubmitError }
  | { kind: "planned"; file: string; report: Report; plan: PushPlan }
  | { kind: "error"; file: string; report: Report | null; error: MediaPreflightError };

/** How many files are sent. */
export interface PushOptions extends Omit<SubmitOptions, "name" | "onNote" | "onProgress" | "file"> {
  /** Files checked at a time. Default 4. */
  checks?: number | undefined;
  /** Files uploaded at a time. Default 3: each costs some 25 MB of memory. */
  uploads?: number | undefined;
  /** Files anywhere between check and Active. Default 32. */
  inFlight?: number | undefined;
  /** Says what would be done; no request that changes anything is made, and nothing is written. */
  dryRun?: boolean | undefined;
  onEvent?: ((event: PushEvent, overall: PushTotals) => void) | undefined;
}

/** Counts of files. */
export interface PushSummary {
  files: number;
  passed: number;
  refused: number;
  reused: number;
  uploaded: number;
  registered: number;
  active: number;
  /** Evaluation Failed by the service. */
  failed: number;
  /** Could not be brought to an end; asset-failed and refusals are not counted here. */
  errors: number;
  /** Begun and not ended when it was stopped. */
  left: number;
  /** Of a dry run. */
  planned: Readonly<Record<PushPlan, number>>;
  /** Whether the caller's signal, or an error that concerns all files, ended it early. */
  stopped: boolean;
  /** The error that concerns all files: the key, or the ledger. */
  fatal: MediaPreflightError | null;
  /** How to go on, where something is left to do. */
  hint: string | null;
}

export type Push<Input> = (
  files: Iterable<PushFile<Input>> | AsyncIterable<PushFile<Input>>,
  options: PushOptions,
) => Promise<PushSummary>;
