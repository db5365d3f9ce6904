import { messageWithHint, unacceptedFindings } from "../blocking.ts";
import { escapeInXml as x } from "../escape.ts";
import type { Finding } from "../report.ts";
import { type FormatOptions, type Formatter, isUnchecked, setName } from "./formatter.ts";

/**
 * One test case for each file: blocking findings are its failure, a file that could not be checked is an error. Valid
 * against the schemas of Jenkins and of Ant's JUnit task; it is written at the end, since the totals come first.
 */
export function junitFormatter(options: FormatOptions = {}): Formatter {
  const cases: string[] = [];
  const notes: string[] = [];
  let failures = 0;
  let errors = 0;
  const stamp = (options.started ?? new Date()).toISOString().slice(0, 19);
  const addTestCase = (name: string, findings: readonly Finding[], verdict: string): void => {
    const open = `    <testcase name="${x(name)}" classname="media-preflight" time="0"`;
    const blocking: Finding[] = unacceptedFindings({ findings });
    for (const f of findings)
      if (f.verdict !== "pass" && !blocking.includes(f)) notes.push(`${name}: ${f.rule}: ${f.message}`);
    if (blocking.length === 0) {
      cases.push(`${open}/>\n`);
      return;
    }
    failures++;
    const lines = blocking.map((f) => `${f.verdict} ${f.rule}: ${messageWithHint(f)}`);
    const summary = blocking.map((f) => f.message).join("; ");
    cases.push(
      `${open}>\n      <failure type="${verdict}" message="${x(summary)}">${lines.map(x).join("\n")}</failure>\n    </testcase>\n`,
    );
  };
  return {
    begin: () => "",
    outcome(outcome) {
      const file = outcome.file ?? "stdin";
      if (isUnchecked(outcome)) {
        errors++;
        const open = `    <testcase name="${x(file)}" classname="media-preflight" time="0"`;
        const { code, message, hint } = outcome.error;
        cases.push(
          `${open}>\n      <error type="${x(code)}" message="${x(message)}">${x(hint ?? message)}</error>\n    </testcase>\n`,
        );
        return "";
      }
      addTestCase(file, outcome.findings, outcome.verdict);
      return "";
    },
    set(report) {
      addTestCase(setName(report), report.findings, report.verdict);
      return "";
    },
    end() {
      // Ant's schema requires the element, but allows no property without a value.
      const properties = options.version
        ? `    <properties>\n      <property name="media-preflight" value="${x(options.version)}"/>\n    </properties>\n`
        : "    <properties/>\n";
      const totals = `tests="${cases.length}" failures="${failures}" errors="${errors}" time="0"`;
      return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="media-preflight" package="media-preflight" id="0" timestamp="${stamp}" hostname="localhost" ${totals}>
${properties}${cases.join("")}    <system-out>${notes.map(x).join("\n")}</system-out>
    <system-err></system-err>
  </testsuite>
</testsuites>
`;
    },
  };
}
