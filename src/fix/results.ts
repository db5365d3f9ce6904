import type { Report } from "../report/report.ts";
import { type FixMessages, reasonText } from "./messages.ts";
import type { FixResult } from "./options.ts";
import type { Cannot, FixPlan } from "./plan/types.ts";

/* Results without a copy. */

/** The result for a file that fits, or that cannot be fixed. */
export function result(
  file: string,
  plan: FixPlan,
  report: Report,
  reason: Cannot | null = plan.reason,
  messages?: FixMessages,
): FixResult<never> {
  const rest = { file, output: null, plan, report };
  if (plan.outcome === "fits") return { ...rest, outcome: "fits", reason: null };
  return {
    ...rest,
    outcome: "cannot",
    reason: reason && { ...reason, message: reasonText(reason, messages) },
  };
}

/** The result of a dry run. */
export function planned(
  file: string,
  report: Report,
  plan: FixPlan,
  messages?: FixMessages,
): FixResult<never> {
  return plan.outcome === "fix"
    ? { file, outcome: "planned", output: null, plan, report, reason: null }
    : result(file, plan, report, plan.reason, messages);
}

/** The result for a plan that cannot be run here. It keeps its steps and its command, which may run elsewhere. */
export function cannot(
  file: string,
  plan: FixPlan,
  report: Report,
  reason: Cannot,
  messages?: FixMessages,
): FixResult<never> {
  return result(file, { ...plan, outcome: "cannot", reason }, report, reason, messages);
}
