import type { Evaluation } from "../rules/evaluate.ts";
import type { Table } from "../rules/schema.ts";
import type { Messages } from "./messages/en.ts";
import { render } from "./render.ts";
import type { Finding, Report } from "./report.ts";

export interface ReportOptions {
  file: string | null;
  limits: "documented" | "observed";
  /** "all" lists the rules that passed, too. */
  findings: "all" | "blocking";
  acceptUnsure: boolean | readonly string[];
  messages?: Messages | undefined;
}

/** Judgements as the JSON report. */
export function buildReport(judged: Evaluation, table: Table, options: ReportOptions): Report {
  const findings = judged.results
    .filter((j) => options.findings === "all" || j.verdict !== "pass")
    .map((j) => render(j, judged.facts, options.messages));
  for (const finding of findings)
    if (acceptable(finding, options.acceptUnsure))
      finding.accepted = { by: "option", reason: null, until: null };
  return {
    schemaVersion: 1,
    file: options.file,
    verdict: judged.verdict,
    type: judged.type,
    rules: table.id,
    limits: options.limits,
    facts: judged.facts,
    findings,
  };
}

/**
 * Whether a file may be sent: it passed, or all that blocks is an `unsure` of reason `reading` that the caller
 * accepts (all of them, or by rule id). Acceptance by configuration or baseline never opens it.
 */
export function isAccepted(report: Report, acceptUnsure: boolean | readonly string[] = false): boolean {
  if (report.verdict === "pass") return true;
  if (report.verdict !== "unsure") return false;
  const blocking = report.findings.filter((f) => f.verdict === "unsure" || f.verdict === "fail");
  return blocking.length > 0 && blocking.every((finding) => acceptable(finding, acceptUnsure));
}

function acceptable(finding: Finding, acceptUnsure: boolean | readonly string[]): boolean {
  if (finding.verdict !== "unsure" || finding.reason !== "reading") return false;
  return typeof acceptUnsure === "boolean" ? acceptUnsure : acceptUnsure.includes(finding.rule);
}
