import type { MediaPreflightError } from "../errors.ts";
import { formatCount } from "../report/units.ts";
import type { PushEstimate, PushPlan, PushSummary } from "./options.ts";
import type { PlannedPush } from "./plan.ts";

/** Counts of a run under way, from which its summary is made. */
export type Counts = { -readonly [Name in keyof PushSummary]: PushSummary[Name] } & {
  planned: Record<PushPlan, number>;
};

const nothingPlanned: PushEstimate = {
  uploads: 0,
  bytes: 0,
  copies: { files: 0, maxBytes: 0 },
  requests: 0,
  seconds: null,
};

export const newCounts = (dryRun: boolean): Counts => ({
  files: 0,
  passed: 0,
  refused: 0,
  reused: 0,
  uploaded: 0,
  registered: 0,
  active: 0,
  failed: 0,
  errors: 0,
  left: 0,
  planned: { reuse: 0, wait: 0, look: 0, register: 0, upload: 0, again: 0 },
  bytes: { checked: 0, sent: 0 },
  requests: 0,
  elapsed: 0,
  estimate: dryRun ? nothingPlanned : null,
  stopped: false,
  fatal: null,
  hint: null,
});

/** Least requests of one file without its upload: registration, fetching the asset; a search for a lost one lists twice. */
const requestsOf: Readonly<Record<PushPlan, number>> = {
  reuse: 1,
  wait: 1,
  look: 3,
  register: 2,
  upload: 2,
  again: 2,
};

/** The estimate with one more file. */
export function withPlanned(before: PushEstimate | null, { plan, upload }: PlannedPush): PushEstimate {
  const { uploads, bytes, copies, requests } = before ?? nothingPlanned;
  return {
    uploads: uploads + (upload ? 1 : 0),
    bytes: bytes + (upload && !upload.isCopy ? upload.bytes : 0),
    copies: upload?.isCopy ? { files: copies.files + 1, maxBytes: copies.maxBytes + upload.bytes } : copies,
    requests: requests + requestsOf[plan] + (upload ? 1 : 0),
    seconds: null,
  };
}

const skips = "completed steps are recorded and will be skipped";

/** What to do next, or null if nothing is left to do. @param tooMany the number of errors that ended the run */
export function nextStepHint(
  { stopped, errors, retryable }: { stopped: boolean; errors: number; retryable: number },
  fatal: MediaPreflightError | null,
  tooMany: number | null,
): string | null {
  if (fatal) return fatal.hint ?? "fix this, then run the same command again";
  if (tooMany !== null)
    return `stopped after ${formatCount(tooMany, "error")}: run the same command again to continue; ${skips}`;
  if (stopped) return `stopped: run the same command again to continue; ${skips}`;
  if (errors === 0) return null;
  const first = retryable === 0 ? "correct what the errors say, then " : "";
  return `${first}run the same command again for the files that failed; ${skips}`;
}
