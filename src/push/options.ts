import type { ServicePause } from "../atlas/http/host-gate.ts";
import type { Asset, Progress } from "../atlas/types.ts";
import type { MediaPreflightError } from "../errors.ts";
import type { Kind } from "../facts/formats.ts";
import type { FixChoices } from "../fix/plan/types.ts";
import type { Report } from "../report/report.ts";
import type { SubmitOptions } from "../submit/options.ts";
import type { SubmitError } from "../submit/submit-error.ts";
import type { PushTotals } from "./progress.ts";

/** One file to push. */
export interface PushFile<Input> extends Pick<SubmitOptions, "rules" | "limits" | "strict"> {
  /** Anything that `submit` takes. */
  input: Input;
  /** Its name in events and reports: a path as given. */
  file: string;
  /** What it will be used as. Default: the type of the run, else its own kind. */
  type?: Kind | undefined;
  /** As in `submit`. */
  assetName?: string | undefined;
}

/** What a run would do, as a dry run reports it. */
export type PushPlan =
  | "reuse" // it is recorded as Active
  | "wait" // it is registered: wait until Active
  | "look" // a registration's answer was lost: search for it
  | "register" // it is uploaded
  | "upload" // upload and register
  | "again"; // it was Failed before, and the user wants another attempt

/** What a run would upload of one file. */
export interface PlannedUpload {
  /** Of a fixed copy, this is an estimate of the most bytes that it will have. */
  bytes: number;
  /** Whether a fixed copy is made and sent in place of the file. */
  isCopy: boolean;
}

/** What happens to one file. Each file ends with exactly one of `done`, `refused`, `planned`, `error`. */
export type PushEvent =
  | { kind: "start"; file: string }
  | { kind: "checked"; file: string; report: Report }
  | ({ kind: "progress"; file: string } & Progress)
  | { kind: "note"; file: string; message: string }
  | { kind: "registered"; file: string; asset: Asset }
  | { kind: "done"; file: string; report: Report; asset: Asset; reused: boolean }
  | { kind: "refused"; file: string; report: Report; error: SubmitError }
  /** `upload` is null if nothing would be uploaded. */
  | { kind: "planned"; file: string; report: Report; plan: PushPlan; upload: PlannedUpload | null }
  | { kind: "error"; file: string; report: Report | null; error: MediaPreflightError };

/** How files are pushed. */
export interface PushOptions extends Omit<SubmitOptions, "assetName" | "onNote" | "onProgress" | "file"> {
  /**
   * Sends a fixed copy of each local file that fails and can be fixed; Node.js with ffmpeg only. `true` means the choices
   * that lose least. The copy is made once: a second push finds its asset by the original's hash and the plan's.
   */
  fix?: boolean | FixChoices | undefined;
  /** Files checked at a time. Default 4. */
  checks?: number | undefined;
  /** Files uploaded at a time. Default 3: each costs some 25 MB of memory. */
  uploads?: number | undefined;
  /** Files anywhere between check and Active. Default 32. */
  inFlight?: number | undefined;
  /** Only plan: no request that changes anything is made, and nothing is written. */
  dryRun?: boolean | undefined;
  /**
   * Stops the run once this many files have ended in an error or were set to Failed by the service; refused files are not
   * counted. Default: no limit. Errors that concern all files (key, account, ledger, no connection) stop it at once.
   */
  maxErrors?: number | undefined;
  /** Bytes per second of all uploads together. Default: no limit. Not in browsers. */
  limitRate?: number | undefined;
  /** Called for each event; what it throws is reported as a warning. */
  onEvent?: ((event: PushEvent, overall: PushTotals) => void) | undefined;
  /** Called when all of the run pauses: the service asked for it, or a host cannot be reached. */
  onPause?: ((pause: ServicePause) => void) | undefined;
}

/** What the planned pushes of a dry run would take at least. */
export interface PushEstimate {
  uploads: number;
  /** Bytes to upload, without fixed copies. */
  bytes: number;
  /** Fixed copies among the uploads. The size of a copy is known once it is made: `maxBytes` is what the plans aim at. */
  copies: { files: number; maxBytes: number };
  /** Requests to the service, without retries and further polls. */
  requests: number;
  /** Seconds to upload at `limitRate`; null without it. */
  seconds: number | null;
}

/** The result of a run: counts of files, unless stated otherwise. */
export interface PushSummary {
  files: number;
  /** Passed the check. */
  passed: number;
  /** Did not pass, and were not sent. */
  refused: number;
  /** Were registered already: nothing was sent. */
  reused: number;
  /** Uploaded in this run. */
  uploaded: number;
  /** Registered in this run. */
  registered: number;
  /** Active at the end, reused ones included. */
  active: number;
  /** Set to Failed by the service. */
  failed: number;
  /** Ended in an error; Failed assets and refused files are not counted here. */
  errors: number;
  /** Started and not finished when the run was stopped. */
  left: number;
  /** Of a dry run: files by what would be done. */
  planned: Readonly<Record<PushPlan, number>>;
  /** Sizes of all files that were checked, without those that are sent as fixed copies; and bytes uploaded. */
  bytes: { checked: number; sent: number };
  /** Requests sent to the service, retries included; 0 if the client does not report them. */
  requests: number;
  /** Duration of the run in milliseconds. */
  elapsed: number;
  /** Of a dry run; null otherwise. */
  estimate: PushEstimate | null;
  /** Whether the caller's signal, or an error that concerns all files, ended it early. */
  stopped: boolean;
  /** The error that concerns all files: the key, the account, the ledger, or no connection. */
  fatal: MediaPreflightError | null;
  /** What to do next, if something is left to do. */
  hint: string | null;
}

export type Push<Input> = (
  files: Iterable<PushFile<Input>> | AsyncIterable<PushFile<Input>>,
  options: PushOptions,
) => Promise<PushSummary>;
