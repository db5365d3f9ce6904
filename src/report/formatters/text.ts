import { isBlocking, unacceptedFindings } from "../blocking.ts";
import { escapeControls } from "../escape.ts";
import type { Finding, Report } from "../report.ts";
import { formatBytes, formatCount, formatNumber } from "../units.ts";
import { type FormatOptions, type Formatter, failsByFiles, isUnchecked, setName } from "./formatter.ts";
import { cells, wrap } from "./wrap.ts";

const symbols = { pass: "✓", unsure: "?", fail: "✗", note: "i", error: "!" } as const;
const colors = { pass: 32, unsure: 33, fail: 31, note: 36, error: 35, dim: 2, bold: 1 } as const;

/** For people: a line for each file and each finding, the remedy before the evidence, and a summary. */
export function textFormatter(options: FormatOptions = {}): Formatter {
  const width = Math.max(options.width ?? 80, 20);
  const paint = (color: keyof typeof colors, text: string): string =>
    options.color && text ? `\u001b[${colors[color]}m${text}\u001b[0m` : text;
  const counts = { pass: 0, unsure: 0, fail: 0, error: 0 };
  let accepted = 0;

  const block = (state: keyof typeof symbols, head: string, body: string, indent: number): string => {
    const margin = " ".repeat(indent);
    const lines = wrap(body, width - indent - 2);
    const rest = lines.map((line) => `${margin}  ${line}\n`).join("");
    return `${margin}${paint(state, symbols[state])} ${head}\n${rest}`;
  };

  /** The rule, then what to do, then why. */
  const finding = (f: Finding): string => {
    const state = f.accepted ? "note" : f.verdict;
    const column = 22;
    const name = `${f.rule}${f.accepted ? " (accepted)" : ""}`;
    const narrow = width < 60 || name.length > column;
    const indent = narrow ? 6 : 4 + column + 1;
    const hint = f.hint && f.verdict !== "pass" ? wrap(f.hint, width - indent - 2) : [];
    const remedy = hint.map((line, i) => `${i ? "  " : paint("pass", "→ ")}${line}`);
    const evidence = wrap(f.message, width - indent);
    const [first = "", ...more] = [...remedy, ...evidence];
    const color = f.verdict === "note" ? "dim" : "bold";
    const head = `  ${paint(state, symbols[state])} ${paint(color, narrow ? name : name.padEnd(column))}`;
    const margin = " ".repeat(indent);
    const below = (lines: string[]): string => lines.map((line) => `${margin}${line}\n`).join("");
    return narrow ? `${head}\n${below([first, ...more])}` : `${head} ${first}\n${below(more)}`;
  };

  return {
    begin: () => "",
    outcome(outcome) {
      const file = escapeControls(outcome.file ?? "(stdin)");
      if (isUnchecked(outcome)) {
        counts.error++;
        const { message, hint } = outcome.error;
        const text = `not checked: ${escapeControls(message)}${hint ? `\n→ ${escapeControls(hint)}` : ""}`;
        return block("error", paint("bold", file), text, 0);
      }
      const allAccepted = outcome.findings.some(isBlocking) && unacceptedFindings(outcome).length === 0;
      counts[outcome.verdict]++;
      if (allAccepted) accepted++;
      const shown = outcome.findings.filter((f) => options.verbose || f.verdict !== "pass");
      if (options.quiet && !options.verbose && outcome.verdict === "pass") return "";
      const facts = summaryOf(outcome);
      const fits = width === Number.POSITIVE_INFINITY || cells(file) + cells(facts) + 4 <= width;
      const verdict = `${paint(outcome.verdict, symbols[outcome.verdict])} ${paint("bold", file)}`;
      const below = wrap(facts, width - 2).map((line) => `\n  ${paint("dim", line)}`);
      const head =
        facts === "" ? verdict : fits ? `${verdict}  ${paint("dim", facts)}` : verdict + below.join("");
      return `${head}\n${shown.map(finding).join("")}`;
    },
    set(report) {
      const head = `${paint(report.verdict, symbols[report.verdict])} ${paint("bold", setName(report))}`;
      const reason = failsByFiles(report) ? ": not all of them pass" : "";
      const summary = paint("dim", `${report.files.length} files together${reason}`);
      return `${head}  ${summary}\n${report.findings.map(finding).join("")}`;
    },
    end() {
      const total = counts.pass + counts.unsure + counts.fail;
      if (options.summary === false || total + counts.error < 2) return "";
      const parts = [
        paint("pass", `${counts.pass} passed`),
        counts.unsure > 0 && paint("unsure", `${counts.unsure} unsure`),
        counts.fail > 0 && paint("fail", `${counts.fail} failed`),
        accepted > 0 && `${accepted} of them accepted`,
        counts.error > 0 && paint("error", `${counts.error} not checked`),
      ].filter((part) => part !== false);
      return `${formatCount(total, "file")} checked: ${parts.join(", ")}\n`;
    },
  };
}

/** The most important facts of a file. */
function summaryOf({ facts }: Report): string {
  const { format, width, height, resolution, duration, frameRate, bytes } = facts;
  return [
    format,
    width !== null && height !== null && `${width}×${height}`,
    resolution,
    duration !== null && `${formatNumber(duration, 2)} s`,
    frameRate !== null && `${formatNumber(frameRate, 2)} fps`,
    bytes !== null && formatBytes(bytes),
  ]
    .filter((part) => part !== null && part !== false)
    .join(", ");
}
