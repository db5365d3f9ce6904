import { messageWithHint } from "../blocking.ts";
import { escapeControls } from "../escape.ts";
import type { Finding } from "../report.ts";
import { type FormatOptions, type Formatter, isUnchecked, setName } from "./formatter.ts";

const levels = { fail: "error", unsure: "warning", note: "notice", pass: "debug" } as const;

/** A step shows at most ten annotations of each level (GitHub's documentation of workflow commands, read 2026-11). */
const annotationsShown = 10;

/**
 * GitHub workflow commands, which become annotations. The file's name is in the message too, since a run's summary
 * shows annotations without it. Escaping as in actions/toolkit, command.ts (read 2026-11).
 */
export function githubFormatter(_options: FormatOptions = {}): Formatter {
  const counts = { error: 0, warning: 0, notice: 0, debug: 0 };
  const emit = (level: keyof typeof counts, file: string | null, title: string, message: string): string => {
    counts[level]++;
    return command(level, file, title, message);
  };
  const annotate = (finding: Finding, file: string | null, about: string): string => {
    const level = finding.accepted ? "notice" : levels[finding.verdict];
    const message = `${about}: ${messageWithHint(finding)}`;
    return emit(level, file, `${finding.rule} ${finding.verdict}`, message);
  };
  return {
    begin: () => "",
    outcome(outcome) {
      const file = outcome.file ?? "stdin";
      if (isUnchecked(outcome)) {
        const { code } = outcome.error;
        return emit("error", file, `not checked: ${code}`, `${file}: ${messageWithHint(outcome.error)}`);
      }
      return outcome.findings
        .filter((finding) => finding.verdict !== "pass")
        .map((finding) => annotate(finding, file, file))
        .join("");
    },
    set: (report) => report.findings.map((finding) => annotate(finding, null, setName(report))).join(""),
    end() {
      const hidden = (["error", "warning", "notice"] as const).filter((l) => counts[l] > annotationsShown);
      if (hidden.length === 0) return "";
      const totals = hidden.map((level) => `${counts[level]} ${level}s`).join(", ");
      // Not an annotation: one more would not be shown either.
      return `media-preflight: ${totals}; GitHub shows ${annotationsShown} annotations of each level, the log has all of them\n`;
    },
  };
}

function command(level: string, file: string | null, title: string, message: string): string {
  // The runner undoes these escapes, so that the file's real name reaches the annotation.
  const data = (text: string): string =>
    escapeControls(text).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
  const property = (text: string): string => data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
  const place = file === null ? "" : `file=${property(file)},`;
  return `::${level} ${place}title=${property(title)}::${data(message)}\n`;
}
