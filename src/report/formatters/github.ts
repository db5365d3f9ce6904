import { messageWithHint } from "../blocking.ts";
import { escapeControls } from "../escape.ts";
import { type FormatOptions, type Formatter, isUnchecked } from "./formatter.ts";

const commands = { fail: "error", unsure: "warning", note: "notice", pass: "debug" } as const;

/**
 * GitHub workflow commands, which show as annotations. Escaping as in actions/toolkit, command.ts (read 2026-11).
 */
export function githubFormatter(_options: FormatOptions = {}): Formatter {
  return {
    begin: () => "",
    end: () => "",
    outcome(outcome) {
      const file = outcome.file ?? "stdin";
      if (isUnchecked(outcome)) {
        return command("error", file, `not checked: ${outcome.error.code}`, messageWithHint(outcome.error));
      }
      return outcome.findings
        .filter((finding) => finding.verdict !== "pass")
        .map((finding) => {
          const level = finding.accepted ? "notice" : commands[finding.verdict];
          return command(level, file, `${finding.rule} ${finding.verdict}`, messageWithHint(finding));
        })
        .join("");
    },
  };
}

function command(level: string, file: string, title: string, message: string): string {
  // The runner takes these back: the file's real name reaches the annotation.
  const data = (text: string): string =>
    text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
  const property = (text: string): string =>
    data(escapeControls(text)).replace(/:/g, "%3A").replace(/,/g, "%2C");
  return `::${level} file=${property(file)},title=${property(title)}::${data(escapeControls(message))}\n`;
}
