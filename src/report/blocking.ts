import type { BlockingFinding, Finding, Report } from "./report.ts";

/** Whether a finding can keep its file from passing: `fail` or `unsure`, accepted or not. */
export function isBlocking(finding: Finding): finding is BlockingFinding {
  return finding.verdict === "fail" || finding.verdict === "unsure";
}

/**
 * The findings that keep a file from being sent. Findings accepted by the `acceptUnsure` option are left out;
 * acceptance by configuration or baseline changes only the exit status of `check`.
 */
export function blockingFindings({ findings }: { readonly findings: readonly Finding[] }): BlockingFinding[] {
  return findings.filter(isBlocking).filter((finding) => finding.accepted?.by !== "option");
}

/** The findings that decide the exit status of `check`: blocking and not accepted. */
export function unacceptedFindings({
  findings,
}: {
  readonly findings: readonly Finding[];
}): BlockingFinding[] {
  return findings.filter(isBlocking).filter((finding) => !finding.accepted);
}

/**
 * Whether a file may be sent: it passed, or every blocking finding is `unsure` because readings disagree and is
 * accepted by `acceptUnsure` (all of them, or by rule id).
 */
export function isAccepted(
  report: Pick<Report, "verdict" | "findings">,
  acceptUnsure: boolean | readonly string[] = false,
): boolean {
  if (report.verdict === "pass") return true;
  if (report.verdict !== "unsure") return false;
  const blocking = report.findings.filter(isBlocking);
  return blocking.length > 0 && blocking.every((finding) => canAccept(finding, acceptUnsure));
}

/** Whether `acceptUnsure` covers a finding: only `unsure` findings of reason `reading` can be accepted. */
export function canAccept(finding: Finding, acceptUnsure: boolean | readonly string[]): boolean {
  if (finding.verdict !== "unsure" || finding.reason !== "reading") return false;
  return typeof acceptUnsure === "boolean" ? acceptUnsure : acceptUnsure.includes(finding.rule);
}

/** A message and its hint in one line: "1920×1080 = 2,073,600 pixels, over 927,408 → scale to 1280×720". */
export function messageWithHint({ message, hint }: { message: string; hint?: string | null }): string {
  return hint ? `${message} → ${hint}` : message;
}
