import type { Asset, Progress } from "../../atlas/types.ts";
import { preflight, submit } from "../../browser.ts";
import type { ServerClientOptions } from "../../pipeline/by-server/client.ts";
import type { PreflightOptions } from "../../pipeline/preflight.ts";
import type { Report } from "../../report/report.ts";

export type Check = (file: File, signal: AbortSignal) => Promise<Report>;
export type Send = (
  file: File,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
) => Promise<Asset>;

/** How the element judges; names and findings are its own affair. */
export type Judging = Omit<PreflightOptions, "findings" | "name">;

/** Judges a file as the element is told to. */
export const checkFile = (file: File, options: Judging, signal: AbortSignal): Promise<Report> =>
  // A folder's files are told apart by their path.
  preflight(file, { ...options, name: file.webkitRelativePath || file.name, findings: "all", signal });

/** Sends a file through the page's own server. What that takes is loaded only now. */
export async function sendFile(
  file: File,
  server: ServerClientOptions,
  options: Judging,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Asset> {
  const { createServerClient } = await import("../../pipeline/by-server/client.ts");
  const { witnessOptions } = options;
  const asked = (witnessOptions as { wasmUrl?: unknown } | undefined)?.wasmUrl;
  return submit(file, {
    ...options,
    atlas: createServerClient(server),
    // A second opinion on every video is worth its milliseconds, where MediaInfo is served.
    witness: options.witness ?? (asked ? undefined : "auto"),
    file: file.webkitRelativePath || file.name,
    onProgress,
    signal,
  });
}
