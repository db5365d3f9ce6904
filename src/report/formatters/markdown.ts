import { escapeControls } from "../escape.ts";
import type { Finding } from "../report.ts";
import { formatCount } from "../units.ts";
import { type FileResult, type FormatOptions, type Formatter, isUnchecked, setName } from "./formatter.ts";

const symbols = { pass: "✅", unsure: "⚠️", fail: "❌", note: "ℹ️" } as const;

/** A step summary takes 1 MiB (GitHub's documentation of job summaries, read 2026-11); further rows are only counted. */
const maxCharacters = 900_000;

/**
 * GitHub-flavoured Markdown, for `$GITHUB_STEP_SUMMARY` or a comment: a line with the totals, then a table of the
 * findings, remedy before evidence. It is written at the end.
 */
export function markdownFormatter(_options: FormatOptions = {}): Formatter {
  const counts = { pass: 0, unsure: 0, fail: 0, unchecked: 0 };
  const rows: string[] = [];
  let characters = 0;
  let omitted = 0;
  const add = (...columns: string[]): void => {
    const row = `| ${columns.join(" | ")} |\n`;
    if (characters + row.length > maxCharacters) omitted++;
    else {
      characters += row.length;
      rows.push(row);
    }
  };
  const addFinding = (about: string, finding: Finding): void => {
    const state = finding.accepted ? "note" : finding.verdict;
    const rule = `${code(finding.rule)}${finding.accepted ? " (accepted)" : ""}`;
    add(`${symbols[state]} ${code(about)}`, rule, cell(finding.hint ?? ""), cell(finding.message));
  };
  const addFile = (outcome: FileResult): void => {
    const file = outcome.file ?? "stdin";
    if (isUnchecked(outcome)) {
      counts.unchecked++;
      const { error } = outcome;
      add(
        `⛔ ${code(file)}`,
        `not checked: ${code(error.code)}`,
        cell(error.hint ?? ""),
        cell(error.message),
      );
      return;
    }
    counts[outcome.verdict]++;
    for (const finding of outcome.findings) if (finding.verdict !== "pass") addFinding(file, finding);
  };
  return {
    begin: () => "",
    outcome(outcome) {
      addFile(outcome);
      return "";
    },
    set(report) {
      for (const finding of report.findings) addFinding(setName(report), finding);
      return "";
    },
    end() {
      const total = counts.pass + counts.unsure + counts.fail;
      const parts = [
        `${counts.pass} passed`,
        counts.unsure > 0 && `${counts.unsure} unsure`,
        counts.fail > 0 && `${counts.fail} failed`,
        counts.unchecked > 0 && `${counts.unchecked} not checked`,
      ].filter((part) => part !== false);
      const head = `### media-preflight\n\n${formatCount(total, "file")} checked: ${parts.join(", ")}\n`;
      if (rows.length === 0) return head;
      const rest = omitted > 0 ? `\n… and ${omitted} more\n` : "";
      return `${head}\n| File | Rule | What to do | Why |\n| --- | --- | --- | --- |\n${rows.join("")}${rest}`;
    },
  };
}

/** Text in a table's cell: escaped so that nothing becomes markup, a link or a mention. */
function cell(text: string): string {
  return escapeControls(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_{}[\]()#!|~$@:^]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A name as code. HTML instead of backticks, whose number a name could break. */
function code(text: string): string {
  return `<code>${cell(text)}</code>`;
}
