import { relative, resolve, sep } from "node:path";
import type { Finding } from "../../report/report.ts";

/** Whether a finding keeps a file from passing. */
export function blocks(finding: Finding): boolean {
  return finding.verdict === "fail" || finding.verdict === "unsure";
}

/** A path as configuration and baseline name it: relative to their folder, with slashes. */
export function localPath(path: string, base: string): string {
  const near = relative(base, resolve(path));
  return sep === "\\" ? near.replaceAll("\\", "/") : near;
}
