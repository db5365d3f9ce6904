import { isBlocking } from "./blocking.ts";
import type { Finding } from "./report.ts";

/** Findings with one remedy. */
export interface FindingGroup {
  /** The remedy that they share, or null. */
  hint: string | null;
  findings: [Finding, ...Finding[]];
}

/** Findings that did not pass, the worst first; blocking findings with the same remedy are one group. */
export function groupFindings(all: readonly Finding[]): FindingGroup[] {
  const findings = all.filter(({ verdict }) => verdict !== "pass").sort((a, b) => rank(a) - rank(b));
  const groups: FindingGroup[] = [];
  for (const finding of findings) {
    const { hint } = finding;
    const same = isBlocking(finding) && hint ? groups.find((group) => group.hint === hint) : undefined;
    if (same) same.findings.push(finding);
    else groups.push({ hint, findings: [finding] });
  }
  return groups;
}

/** The limits that a file meets: first those about numbers, in the order of their importance to people. */
export function metLimits(all: readonly Finding[]): Finding[] {
  return all.filter(({ verdict }) => verdict === "pass").sort((a, b) => position(a) - position(b));
}

const ranks = ["fail", "unsure", "note"];
const rank = ({ verdict }: Finding): number => ranks.indexOf(verdict);

const places = ["duration", "pixels", "width", "height", "aspect-ratio", "frame-rate", "size"];

function position({ rule }: Finding): number {
  const at = places.indexOf(rule.split("/")[1] ?? "");
  return at < 0 ? places.length : at;
}
