import { type FixMessages, reasonText, stepText } from "../../../fix/messages.ts";
import { planFix } from "../../../fix/plan.ts";
import { messageWithHint } from "../../../report/blocking.ts";
import { escapeControls } from "../../../report/escape.ts";
import type { Report } from "../../../report/report.ts";

/** How a file that did not pass can be fixed: the steps and the ffmpeg command that does them. */
export function planLines(report: Report, messages: FixMessages): string {
  const { outcome, steps, command, reason } = planFix(report);
  if (outcome === "fix" && command) {
    const told = steps.map((step) => stepText(step, messages)).join("; ");
    return `    fix: ${told}\n    $ ${escapeControls(command)}\n`;
  }
  if (reason?.code === "needs-probe")
    return `    fix: media-preflight fix ${escapeControls(report.file ?? "FILE")}\n`;
  return reason ? `    ${messageWithHint({ message: "no fix", hint: reasonText(reason, messages) })}\n` : "";
}
