import { type FixMessages, fixLineText, reasonText, stepText } from "../../../fix/messages.ts";
import { planFix } from "../../../fix/plan.ts";
import { escapeControls } from "../../../report/escape.ts";
import type { Report } from "../../../report/report.ts";

/** How a file that did not pass can be fixed: the steps and the ffmpeg command that does them. */
export function planLines(report: Report, messages: FixMessages): string {
  const { outcome, steps, command, reason } = planFix(report);
  if (outcome === "fix" && command) {
    const detail = steps.map((step) => stepText(step, messages)).join("; ");
    return `    ${fixLineText("fix", detail, messages)}\n    $ ${escapeControls(command)}\n`;
  }
  if (reason?.code === "needs-probe")
    return `    ${fixLineText("fix", `media-preflight fix ${report.file ?? "FILE"}`, messages)}\n`;
  return reason ? `    ${fixLineText("no-fix", reasonText(reason, messages), messages)}\n` : "";
}
