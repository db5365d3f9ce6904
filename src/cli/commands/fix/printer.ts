import { type FixMessages, lossText, reasonText, stepText } from "../../../fix/messages.ts";
import type { FixResult } from "../../../fix/options.ts";
import type { Cannot } from "../../../fix/plan/types.ts";
import { escapeControls } from "../../../report/escape.ts";
import { formatCount } from "../../../report/units.ts";
import type { Terminal } from "../../io/terminal.ts";

export interface FixPrinter {
  begin(): string;
  /** Lines for one file. */
  file(result: FixResult): string;
  end(): string;
  /** One line that sums up, for stderr. */
  summary(): string;
}

export interface PrinterOptions {
  format: "text" | "json" | "ndjson";
  terminal: Pick<Terminal, "color">;
  messages: FixMessages;
  quiet: boolean;
  verbose: boolean;
}

const symbols = { fixed: "✓", fits: "✓", planned: "→", cannot: "✗" } as const;
const colors = { fixed: 32, fits: 32, planned: 36, cannot: 31 } as const;

/** What became of each file, as text or as one JSON object a file. */
export function fixPrinter(options: PrinterOptions): FixPrinter {
  const { format, messages, quiet, verbose } = options;
  const counts = { fixed: 0, fits: 0, planned: 0, cannot: 0 };
  let written = 0;
  let reused = 0;
  return {
    begin: () => (format === "json" ? "[\n" : ""),
    file(result) {
      if (result.reused) reused++;
      else counts[result.outcome]++;
      if (format === "text") return textOf(result, options);
      const line = escapeControls(JSON.stringify(asJson(result, messages)));
      return format === "ndjson" ? `${line}\n` : `${written++ ? ",\n" : ""}${line}`;
    },
    end: () => (format === "json" ? `${written ? "\n" : ""}]\n` : ""),
    summary() {
      const total = counts.fixed + counts.fits + counts.planned + counts.cannot + reused;
      const parts = [
        counts.fixed && `${counts.fixed} fixed`,
        reused && `${reused} fixed by an earlier run`,
        counts.planned && `${counts.planned} can be fixed`,
        counts.fits && `${counts.fits} passed already`,
        counts.cannot && `${counts.cannot} cannot be fixed`,
      ].filter(Boolean);
      return `${formatCount(total, "file")}: ${parts.join(", ") || "nothing done"}`;
    },
  };

  function textOf(result: FixResult, { terminal }: PrinterOptions): string {
    const { outcome, plan, output, reason } = result;
    if (quiet && outcome !== "cannot") return "";
    const paint = (text: string): string =>
      terminal.color ? `\u001b[${colors[outcome]}m${text}\u001b[0m` : text;
    const name = escapeControls(result.file);
    const said =
      outcome === "fixed"
        ? ` → ${escapeControls(output ?? "")}${result.reused ? " (made by an earlier run)" : ""}`
        : outcome === "fits"
          ? ": passes as it is"
          : outcome === "planned"
            ? ""
            : `: ${escapeControls(reason ? reasonText(reason, messages) + flagFor(reason) : "")}`;
    const lines = [`${paint(symbols[outcome])} ${name}${said}`];
    if (outcome === "fixed" || outcome === "planned") {
      lines.push(...plan.steps.map((step) => `    ${stepText(step, messages)}`));
      lines.push(...plan.losses.map((loss) => `    - ${messages.lost}: ${lossText(loss, messages)}`));
    }
    if (verbose && plan.command) lines.push(`    $ ${escapeControls(plan.command)}`);
    return `${lines.join("\n")}\n`;
  }
}

/** The flag that makes a plan possible. */
function flagFor({ code }: Cannot): string {
  if (code === "alpha") return " (--background COLOR)";
  return code === "animation" ? " (--first-frame)" : "";
}

/** The shape of `fix --format ndjson`. */
export function asJson(result: FixResult, messages: FixMessages): object {
  const { file, outcome, output, plan, report, reason } = result;
  const { steps, target, losses, lossless, command } = plan;
  return {
    file,
    outcome,
    output,
    plan: {
      steps: steps.map((step) => ({ ...step, message: stepText(step, messages) })),
      target,
      losses: losses.map((loss) => ({ ...loss, message: lossText(loss, messages) })),
      lossless,
      command,
    },
    report,
    reason: reason && { ...reason, message: reasonText(reason, messages) },
  };
}
