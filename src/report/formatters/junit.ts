import { messageWithHint, unacceptedFindings } from "../blocking.ts";
import { escapeInXml as x } from "../escape.ts";
import type { Finding } from "../report.ts";
import { type FormatOptions, type Formatter, isUnchecked } from "./formatter.ts";

/**
 * One test case a file: what blocks is its failure, what could not be checked its error. Valid against the
 * schemas of Jenkins and of Ant's JUnit task, which wants the totals first: it is written at the end.
 */
export function junitFormatter(options: FormatOptions = {}): Formatter {
  const cases: string[] = [];
  const notes: string[] = [];
  let failures = 0;
  let errors = 0;
  const stamp = (options.started ?? new Date()).toISOString().slice(0, 19);
  return {
    begin: () => "",
    outcome(outcome) {
      const file = outcome.file ?? "stdin";
      const open = `    <testcase name="${x(file)}" classname="media-preflight" time="0"`;
      if (isUnchecked(outcome)) {
        errors++;
        const { code, message, hint } = outcome.error;
        cases.push(
          `${open}>\n      <error type="${x(code)}" message="${x(message)}">${x(hint ?? message)}</error>\n    </testcase>\n`,
        );
        return "";
      }
      const bad: Finding[] = unacceptedFindings(outcome);
      for (const f of outcome.findings)
        if (f.verdict !== "pass" && !bad.includes(f)) notes.push(`${file}: ${f.rule}: ${f.message}`);
      if (bad.length === 0) {
        cases.push(`${open}/>\n`);
        return "";
      }
      failures++;
      const lines = bad.map((f) => `${f.verdict} ${f.rule}: ${messageWithHint(f)}`);
      const summary = bad.map((f) => f.message).join("; ");
      cases.push(
        `${open}>\n      <failure type="${outcome.verdict}" message="${x(summary)}">${lines.map(x).join("\n")}</failure>\n    </testcase>\n`,
      );
      return "";
    },
    end() {
      const totals = `tests="${cases.length}" failures="${failures}" errors="${errors}" time="0"`;
      return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="media-preflight" package="media-preflight" id="0" timestamp="${stamp}" hostname="localhost" ${totals}>
    <properties>
      <property name="media-preflight" value="${x(options.version ?? "")}"/>
    </properties>
${cases.join("")}    <system-out>${notes.map(x).join("\n")}</system-out>
    <system-err></system-err>
  </testsuite>
</testsuites>
`;
    },
  };
}
