import type { Evaluation } from "../rules/evaluate.ts";
import type { Table } from "../rules/schema.ts";
import { canAccept, isAccepted } from "./blocking.ts";
import type { Messages } from "./messages/en.ts";
import { render } from "./render.ts";
import type { Report } from "./report.ts";
import { rememberTable } from "./report-table.ts";

export interface ReportOptions {
  file: string | null;
  limits: "documented" | "observed";
  /** "all" lists the rules that passed, too. */
  findings: "all" | "blocking";
  acceptUnsure: boolean | readonly string[];
  messages: Messages;
}

/** Judgements as the JSON report. */
export function buildReport(judged: Evaluation, table: Table, options: ReportOptions): Report {
  const findings = judged.results
    .filter((j) => options.findings === "all" || j.verdict !== "pass")
    .map((j) => render(j, judged.facts, options.messages));
  for (const finding of findings)
    if (canAccept(finding, options.acceptUnsure))
      finding.accepted = { by: "option", reason: null, until: null };
  const report: Report = {
    schemaVersion: 1,
    file: options.file,
    verdict: judged.verdict,
    // A getter, since findings about the URL are added later.
    get ok() {
      return isAccepted(this, options.acceptUnsure);
    },
    type: judged.type,
    rules: table.id,
    limits: options.limits,
    facts: judged.facts,
    findings,
  };
  rememberTable(report, table);
  return report;
}
