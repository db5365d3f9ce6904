import type { Asset, Progress } from "../../atlas/types.ts";
import { browser } from "../../preflight/preflight.browser.ts";
import type { PreflightOptions } from "../../preflight/preflight.ts";
import type { Report } from "../../report/report.ts";

/** How the element judges; names and findings are its own affair. */
export type CheckOptions = Omit<PreflightOptions, "findings" | "name">;

/** How a file's way is followed, and stopped. */
export interface Watch {
  onProgress(progress: Progress): void;
  signal: AbortSignal;
}

export type Check = (file: File, signal: AbortSignal) => Promise<Report>;
export type Send = (file: File, watch: Watch) => Promise<Asset>;

/** Judges a file as the element is told to. */
export const checkFile = (file: File, how: CheckOptions, signal: AbortSignal): Promise<Report> =>
  // A folder's files are told apart by their path.
  browser.preflight(file, { ...how, name: file.webkitRelativePath || file.name, findings: "all", signal });
