import type { Evaluation } from "../rules/evaluate.ts";
import type { Table } from "../rules/schema.ts";
import { canAccept, isAccepted } from "./blocking.ts";
import type { Messages } from "./messages/en.ts";
import type { Locale } from "./messages/locales.ts";
import { renderResults } from "./render.ts";
import type { Report } from "./report.ts";
import { rememberTable } from "./report-table.ts";

export interface ReportOptions {
  file: string | null;
  limits: "documented" | "observed";
  /** "all" also lists the rules that passed. */
  findings: "all" | "blocking";
  acceptUnsure: boolean | readonly string[];
  locale?: Locale | Messages | null | undefined;
}

/** An evaluation as the JSON report. */
export async function buildReport(
  evaluation: Evaluation,
  table: Table,
  options: ReportOptions,
): Promise<Report> {
  const results = evaluation.results.filter(
    ({ verdict }) => options.findings === "all" || verdict !== "pass",
  );
  const findings = await renderResults(results, evaluation.facts, options.locale);
  for (const finding of findings)
    if (canAccept(finding, options.acceptUnsure))
      finding.accepted = { by: "option", reason: null, until: null };
  const report: Report = {
    schemaVersion: 1,
    file: options.file,
    verdict: evaluation.verdict,
    // A getter, since findings about the URL are added later.
    get ok() {
      return isAccepted(report, options.acceptUnsure);
    },
    type: evaluation.type,
    rules: table.id,
    limits: options.limits,
    facts: evaluation.facts,
    findings,
  };
  rememberTable(report, table);
  return report;
}
