import type { Report } from "../report/report.ts";
import { type FixMessages, fixMessages, lossText, stepText } from "./messages.ts";
import type { FixStep, Loss } from "./plan/types.ts";
import { planFix } from "./plan.ts";

/** How a file that did not pass can be fixed, as in its JSON report. */
export interface FixSuggestion {
  steps: (FixStep & { message: string })[];
  /** Those that the headers show; `fix --dry-run` opens the file and lists all of them. */
  losses: (Loss & { message: string })[];
  /** All streams are copied. */
  lossless: boolean;
  /** The equivalent ffmpeg command, quoted for a POSIX shell; null if ffmpeg does not read the format. */
  command: string | null;
}

/** The plan from the headers alone; undefined if the file passes or they are not enough for a plan. */
export function suggestionFor(
  report: Report,
  messages: FixMessages = fixMessages,
): FixSuggestion | undefined {
  const { outcome, steps, losses, lossless, command } = planFix(report);
  if (outcome !== "fix") return undefined;
  return {
    steps: steps.map((step) => ({ ...step, message: stepText(step, messages) })),
    losses: losses.map((loss) => ({ ...loss, message: lossText(loss, messages) })),
    lossless,
    command,
  };
}
