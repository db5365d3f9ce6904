import type { Kind } from "../../facts/formats.ts";
import { preflight } from "../../index.ts";
import type { PreflightOptions } from "../../preflight/preflight.ts";
import type { Report } from "../../report/report.ts";

/** The library's report on one file on disk. */
export function checkFile(
  path: string,
  type: Kind,
  { limits, rules }: Pick<PreflightOptions, "limits" | "rules">,
): Promise<Report> {
  // An upload's path has no extension, and the sender's file name decides nothing.
  return preflight(path, { type, limits, rules, name: null });
}
