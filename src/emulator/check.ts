import type { Kind } from "../facts/formats.ts";
import { preflight } from "../index.ts";
import type { Report } from "../report/report.ts";

/** The library's report on one file on disk. */
export function checkFile(path: string, type: Kind, limits: "documented" | "observed"): Promise<Report> {
  // An upload's path has no extension, and the sender's file name decides nothing.
  return preflight(path, { type, limits, name: null });
}
