import { sha256OfText } from "../../../bytes/sha256.ts";
import type { Storage } from "../../storage.ts";
import type { S3Setup } from "../options.ts";

/** One thing that was tried. */
export interface StorageCheckStep {
  step: "put" | "stat" | "range" | "copy" | "sign" | "signed-put" | "parts" | "delete" | "cors" | "lifecycle";
  /** `advice`: it works, and could be better. */
  outcome: "ok" | "advice" | "failed";
  message: string;
  /** What to change; null if nothing. */
  hint: string | null;
}

/** The outcome of one probe. */
export type ProbeResult = Omit<StorageCheckStep, "step">;
export const ok = (message: string): ProbeResult => ({ outcome: "ok", message, hint: null });
export const advice = (message: string, hint: string): ProbeResult => ({ outcome: "advice", message, hint });
export const failed = (message: string, hint: string): ProbeResult => ({ outcome: "failed", message, hint });

/** What the probes share. */
export interface ProbeContext {
  storage: Storage;
  setup: S3Setup;
  fetch: typeof fetch;
  /** The object that is written, and the one that it is copied to. */
  key: string;
  copy: string;
  origins: readonly string[];
  signal: AbortSignal | null;
}

/** The object that the probes write. */
export const type = "application/octet-stream";
export const sampleText = "media-preflight storage check: this object can be deleted\n".repeat(20);
export const sample = new TextEncoder().encode(sampleText);
export const sha256 = sha256OfText(sampleText);

/** Requests that are sent as the service and pages send them get a deadline of their own. */
export function withDeadline(signal: AbortSignal | null): AbortSignal {
  const deadline = AbortSignal.timeout(30_000);
  return signal ? AbortSignal.any([signal, deadline]) : deadline;
}
