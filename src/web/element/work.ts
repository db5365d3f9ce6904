import type { Asset, Progress } from "../../atlas/types.ts";
import { browser } from "../../pipeline/preflight.browser.ts";
import type { PreflightOptions } from "../../pipeline/preflight.ts";
import type { Report } from "../../report/report.ts";

/** How the element judges; names and findings are its own affair. */
export type Judging = Omit<PreflightOptions, "findings" | "name">;

/** How a file's way is followed, and stopped. */
export interface Watch {
  onProgress(progress: Progress): void;
  signal: AbortSignal;
}

export type Check = (file: File, signal: AbortSignal) => Promise<Report>;
export type Send = (file: File, watch: Watch) => Promise<Asset>;

/** Judges a file as the element is told to. */
export const checkFile = (file: File, how: Judging, signal: AbortSignal): Promise<Report> =>
  // A folder's files are told apart by their path.
  browser.preflight(file, { ...how, name: file.webkitRelativePath || file.name, findings: "all", signal });
