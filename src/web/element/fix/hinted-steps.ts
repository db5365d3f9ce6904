import type { FixStep } from "../../../fix/plan/types.ts";
import { blockingFindings } from "../../../report/blocking.ts";
import type { Report } from "../../../report/report.ts";
import { type Text, text } from "../../../report/text.ts";

/** Whether the hints of the findings say all steps already, as what to do about the file. */
export function areHints(steps: readonly FixStep[], report: Report): boolean {
  const hints = blockingFindings(report).map(({ text: { hint } }) => JSON.stringify(hint ?? null));
  return steps.every((step) => hints.includes(JSON.stringify(hintOf(step) ?? false)));
}

/** The hint that asks for a step; undefined where none does. */
function hintOf(step: FixStep): Text | undefined {
  if (step.kind === "scale" && step.factor <= 1)
    return text("hint.scale", { width: String(step.width), height: String(step.height) });
  if (step.kind === "trim" && step.start === 0) return text("hint.trim", { n: step.duration });
  return step.kind === "frame-rate" ? text("hint.fps", { n: step.frameRate }) : undefined;
}
