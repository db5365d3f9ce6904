import type { PreflightOptions } from "../preflight/preflight.ts";
import type { Report } from "../report/report.ts";
import type { Cannot, FixChoices, FixPlan } from "./plan/types.ts";

/** How a file is fixed: the choices, the options of the check, and where the copy is written. */
export interface FixOptions extends PreflightOptions, FixChoices {
  /** Folder for the copy, created if need be; default: beside the original. */
  out?: string | undefined;
  /** Plan only: open the file, write nothing. The outcome of a file with a plan is "planned". */
  dryRun?: boolean | undefined;
  /** Share of the work that is done, 0 – 1. */
  onProgress?: ((done: number) => void) | undefined;
  /** Milliseconds that one file may take. Default 30 minutes. */
  deadline?: number | undefined;
}

/** The result for one file. `Output` is a path on Node.js and a File in a page. */
export interface FixResult<Output = string> {
  /** The original as given; in a page its name. */
  file: string;
  outcome: "fixed" | "fits" | "cannot" | "planned";
  /** The copy. */
  output: Output | null;
  plan: FixPlan;
  /** Of the copy if there is one, otherwise of the original. */
  report: Report;
  reason: (Cannot & { message: string }) | null;
  /** The copy was made by an earlier run of the command line. */
  reused?: boolean | undefined;
}

/** Reasons against a plan that may not apply once an engine has opened the file. */
const openableReasons: ReadonlySet<string> = new Set([
  "needs-probe",
  "alpha",
  "no-codec",
  "too-short",
  "after-end",
  "type",
]);

/** Whether there is no plan from the headers, but may be one once an engine has opened the file. */
export function needsOpening({ outcome, reason }: FixPlan): boolean {
  return outcome === "cannot" && openableReasons.has(reason?.code ?? "");
}
