import type { Format } from "../../src/facts/formats.ts";
import type { ReportOptions } from "../../src/report/build.ts";
import { buildReport } from "../../src/report/build.ts";
import type { Report } from "../../src/report/report.ts";
import { type EvaluateOptions, evaluate } from "../../src/rules/evaluate.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { evidenceOf, type Made } from "../rules/evidence.ts";

/** The report on constructed evidence, with the default table. */
export function reportOf(
  format: Format | null,
  made: Made = {},
  options: EvaluateOptions & Partial<Pick<ReportOptions, "acceptUnsure" | "findings" | "locale">> = {},
): Promise<Report> {
  return buildReport(evaluate(evidenceOf(format, made), defaultTable, options), defaultTable, {
    file: options.name ?? null,
    limits: options.limits ?? "documented",
    findings: options.findings ?? "blocking",
    acceptUnsure: options.acceptUnsure ?? false,
    locale: options.locale,
  });
}
