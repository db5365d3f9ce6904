import type { FixPreview } from "../../../fix/fix.browser.ts";
import type { FixChoices, FixPlan } from "../../../fix/plan/types.ts";
import type { Report } from "../../../report/report.ts";
import type { Suggestion } from "./suggestion.ts";

/**
 * Where a failing file is on its way to a copy that passes. planning → offered | none; offered → looking → choosing →
 * queued → working; and back to offered when it is cancelled, or to failed.
 */
export type FixPhase =
  | "planning"
  | "none"
  | "offered"
  | "looking"
  | "choosing"
  | "queued"
  | "working"
  | "failed";

/** Why no copy could be made: an error's code or a plan's, and its details. */
export interface FixFailure {
  code: string;
  detail: string | null;
}

/** What is known of one file's fix. */
export interface FixState {
  /** A file that is checked again starts over. */
  readonly report: Report;
  phase: FixPhase;
  suggestion: Suggestion | null;
  choices: FixChoices;
  /** What was found in the file. */
  look: FixPreview | null;
  /** By the choices, once the file has been opened. */
  plan: FixPlan | null;
  /** 0 – 1 */
  done: number;
  /** `performance.now()` when the work started. */
  since: number;
  failure: FixFailure | null;
  abort: AbortController | null;
}

export const newFixState = (report: Report): FixState => ({
  report,
  phase: "planning",
  suggestion: null,
  choices: {},
  look: null,
  plan: null,
  done: 0,
  since: 0,
  failure: null,
  abort: null,
});

/** A copy that took the place of its original. */
export interface FixedCopy {
  plan: FixPlan;
}

export const isConverting = ({ phase }: FixState): boolean => phase === "queued" || phase === "working";
export const isBusy = (state: FixState): boolean => state.phase === "looking" || isConverting(state);

/** Whether a command does only one of the steps: it converts the format. */
export const isConversion = ({ plan, suggestion }: FixState): boolean =>
  !plan?.command && suggestion?.plan === null;

/** The ffmpeg command that does the same, or that converts the format. */
export const commandOf = ({ plan, suggestion }: FixState): string | null =>
  plan?.command ?? suggestion?.command ?? null;
