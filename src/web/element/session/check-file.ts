import { browserPreflight } from "../../../preflight/preflight.browser.ts";
import type { PreflightOptions } from "../../../preflight/preflight.ts";
import type { Report } from "../../../report/report.ts";

/** How the element judges; it sets names and findings itself. */
export type CheckOptions = Omit<PreflightOptions, "findings" | "name">;

export type Check = (file: File, signal: AbortSignal) => Promise<Report>;

/** A file's name in reports. Files of a folder are distinguished by their path. */
export const reportedName = (file: File): string => file.webkitRelativePath || file.name;

/** Checks a file; the report has every rule, also those that passed. */
export const checkFile = (file: File, options: CheckOptions, signal: AbortSignal): Promise<Report> =>
  browserPreflight.preflight(file, { ...options, name: reportedName(file), findings: "all", signal });
