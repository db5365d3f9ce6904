import type { Kind } from "../facts/formats.ts";
import { preflight } from "../index.ts";
import type { Report } from "../report/report.ts";

/** Judges one file on disk by the library's own check. */
export function checkFile(path: string, type: Kind, limits: "documented" | "observed"): Promise<Report> {
  // An upload's path has no extension, and what the sender called it decides nothing.
  return preflight(path, { type, limits, name: null });
}
