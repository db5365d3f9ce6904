import { readFileSync } from "node:fs";
import { MediaPreflightError } from "../../errors.ts";
import type { Finding, Report } from "../../report/report.ts";

/** Findings that were there when the check was introduced: known by path, rule and the value found. */
export interface Baseline {
  holds(path: string, finding: Finding): boolean;
}

/** One line a finding, sorted, so that a diff shows what went away. */
interface BaselineFile {
  schemaVersion: 1;
  findings: string[];
}

const entryOf = (path: string, finding: Finding): string =>
  JSON.stringify([path, finding.rule, finding.actual]);

/**
 * @throws MediaPreflightError `bad-config` where the file is not a baseline, `not-found`
 */
export function loadBaseline(path: string): Baseline {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new MediaPreflightError("not-found", `no baseline ${path}`, {
      cause,
      hint: "media-preflight check --write-baseline makes one",
    });
  }
  const findings = new Set(parse(text, path).findings);
  return { holds: (file, finding) => findings.has(entryOf(file, finding)) };
}

/** The text of a baseline that holds every blocking finding of the reports. */
export function baselineText(reports: Iterable<{ path: string; report: Report }>): string {
  const findings: string[] = [];
  for (const { path, report } of reports) {
    for (const finding of report.findings) {
      if (finding.verdict !== "note" && finding.verdict !== "pass") findings.push(entryOf(path, finding));
    }
  }
  const file: BaselineFile = { schemaVersion: 1, findings: [...new Set(findings)].sort() };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function parse(text: string, path: string): BaselineFile {
  try {
    const file = JSON.parse(text) as Partial<BaselineFile> | null;
    if (
      file?.schemaVersion === 1 &&
      Array.isArray(file.findings) &&
      file.findings.every((f) => typeof f === "string")
    ) {
      return file as BaselineFile;
    }
  } catch {
    // said below
  }
  throw new MediaPreflightError("bad-config", `${path} is not a baseline`, {
    hint: "delete it, or make it anew with media-preflight check --write-baseline",
  });
}
