import type { Written } from "../engines/engine.ts";
import type { MediaDetails } from "../engines/media-details.ts";
import { isMediaPreflightError, throwIfAborted } from "../errors.ts";
import { type Format, formats } from "../facts/formats.ts";
import type { Report } from "../report/report.ts";
import { differences } from "./compare.ts";
import { type Attempt, type Cannot, type FixPlan, firstAttempt } from "./plan/types.ts";

/** Attempts at one file; each corrects what was wrong with the output before. */
const maxAttempts = 5;

/** The next attempt after an output that does not pass, or null where another one would be the same. */
export function nextAttempt(
  last: Attempt,
  lossless: boolean,
  failed: { report: Report | null; differences: readonly string[] },
): Attempt | null {
  const blocking = (failed.report?.findings ?? []).filter(
    (f) => f.verdict === "fail" || f.verdict === "unsure",
  );
  const rules = new Set(blocking.map(({ rule }) => rule.split("/")[1]));
  const under = blocking.some(
    ({ actual, limit }) => typeof actual === "number" && actual < (limit?.min ?? limit?.above ?? 0),
  );
  // A smaller output does not help a file that is too small.
  if (under && (rules.has("size") || rules.has("bit-rate"))) return null;
  if (rules.has("size") || rules.has("bit-rate")) return { ...last, encode: true, bytes: last.bytes * 0.7 };
  // Copied packets end at frames of the source, which may be a little later than planned.
  if (rules.has("duration") && last.slack < 0.3) return { ...last, slack: last.slack + 0.15 };
  if (lossless && !last.encode) return { ...last, encode: true };
  return null;
}

/** The steps of one attempt. `Place` is where an output is: a path, or a Blob. */
export interface AttemptSteps<Place> {
  plan(attempt: Attempt): FixPlan | Promise<FixPlan>;
  run(plan: FixPlan, n: number): Promise<Written & { output: Place }>;
  /** Checks an output with the strictest options. */
  check(output: Place, format: string, plan: FixPlan): Promise<Report>;
  /** The tracks of an output, or null where no engine can read them. */
  probe(output: Place, format: Format): Promise<MediaDetails | null>;
}

/** The output that passes and is as planned, or why there is none. */
export type AttemptsResult<Place> =
  | { plan: FixPlan; finished: Place; report: Report }
  | { plan: FixPlan; reason: Cannot };

/** Plans, runs and checks until an output passes and is as planned. */
export async function makeAttempts<Place>(
  steps: AttemptSteps<Place>,
  signal?: AbortSignal | null,
): Promise<AttemptsResult<Place>> {
  let attempt: Attempt | null = firstAttempt;
  let last: AttemptsResult<Place> | null = null;
  for (let n = 1; attempt && n <= maxAttempts; n++) {
    throwIfAborted(signal);
    const current: Attempt = attempt;
    const plan = await steps.plan(current);
    if (plan.outcome !== "fix" || !plan.job)
      return last ?? { plan, reason: plan.reason ?? { code: "rules", detail: null } };
    try {
      const written = await steps.run(plan, n);
      const { output } = written;
      if (plan.target && written.format !== plan.target.format) setWrittenFormat(plan, written.format);
      const report = await steps.check(output, written.format, plan);
      const tracks =
        plan.job.kind === "image" ? null : await steps.probe(output, plan.target?.format as Format);
      const mismatches = differences(plan, report, tracks);
      if (report.verdict === "pass" && mismatches.length === 0) return { plan, finished: output, report };
      const failed = report.findings.filter((f) => f.verdict !== "note" && f.verdict !== "pass");
      const detail = [...failed.map((f) => `${f.rule}: ${f.message}`), ...mismatches].join("; ");
      last = { plan, reason: { code: "rules", detail } };
      attempt = nextAttempt(current, plan.lossless, { report, differences: mismatches });
    } catch (error) {
      if (!isMediaPreflightError(error)) throw error;
      if (error.code === "no-engine")
        return last ?? { plan, reason: { code: "no-encoder", detail: error.message } };
      if (error.code !== "engine-failed") throw error;
      last = { plan, reason: { code: "no-decoder", detail: error.message } };
      if (error.retryable) attempt = { ...current, pixels: current.pixels * 0.6 };
      else attempt = plan.lossless && !current.encode ? { ...current, encode: true } : null;
    }
  }
  if (!last) throw new Error("no attempt was made");
  return last;
}

/** Updates the plan if a picture was written in another format of its list, because the first was too large. */
function setWrittenFormat(plan: FixPlan, format: string): void {
  if (plan.target) plan.target = { ...plan.target, format, mime: formats[format as Format].mime };
  for (const step of plan.steps) if (step.kind === "convert") step.to = format;
  const from = plan.job?.from;
  if (from && from !== format && !plan.steps.some((step) => step.kind === "convert"))
    plan.steps.unshift({ kind: "convert", from, to: format });
}
