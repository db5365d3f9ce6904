import { MediaPreflightError } from "../../errors.ts";
import { type Format, formats } from "../../facts/formats.ts";
import { browserPreflight } from "../../preflight/preflight.browser.ts";
import type { Report } from "../../report/report.ts";
import type { BrowserFixOptions } from "../fix.browser.ts";
import { needsOpening } from "../options.ts";
import {
  type Attempt,
  type Cannot,
  type EngineTraits,
  type FixChoices,
  type FixPlan,
  firstAttempt,
} from "../plan/types.ts";
import { planFix } from "../plan.ts";
import { preflightOptions } from "../preflight-options.ts";
import { type FixWorker, startFixWorker } from "./client.ts";
import type { FixAnswers } from "./protocol.ts";

/** Milliseconds that a file may take by default. */
const defaultDeadline = 30 * 60_000;

/** The report on a file and, if a plan may be possible, what a Worker's engine has read of it. */
export interface OpenResult {
  report: Report;
  /** The plan from the headers alone. */
  first: FixPlan;
  /** Null: it fits as it is, or it was not opened for `reason`. */
  opened: OpenedFile | null;
  reason: Cannot | null;
}

export interface OpenedFile extends Pick<FixAnswers["open"], "details" | "embedded" | "hevc"> {
  format: Format;
  /** Runs until its `end` is called. */
  worker: FixWorker;
}

/**
 * Checks a file and, if its headers do not rule a plan out, opens it in a Worker.
 * @throws MediaPreflightError as `fix`
 */
export async function openFile(file: Blob, options: BrowserFixOptions): Promise<OpenResult> {
  const report = await browserPreflight.preflight(file, preflightOptions(options));
  const first = planFix(report, options, { only: options.only, skip: options.skip });
  const unopened = (reason: Cannot | null): OpenResult => ({ report, first, opened: null, reason });
  if (first.outcome === "fits" && !options.compatible) return unopened(null);
  if (first.outcome === "cannot" && !needsOpening(first)) return unopened(first.reason);
  const format = report.facts.format as Format | null;
  const kind = format && formats[format].kind;
  if (!format || !kind) return unopened({ code: "no-decoder", detail: format });
  const { workerUrl: url, signal, deadline = defaultDeadline } = options;
  const worker = startFixWorker({ url, signal, deadline });
  try {
    const found = await worker.ask({ op: "open", blob: file, format, kind });
    return { report, first, opened: { ...found, format, worker }, reason: null };
  } catch (error) {
    worker.end();
    if (!(error instanceof MediaPreflightError) || error.code !== "engine-failed") throw error;
    return unopened({ code: "no-decoder", detail: error.message });
  }
}

/** The plan for an opened file; for any other, the plan from its headers, or why there is none. */
export function planFor(
  { report, first, opened, reason }: OpenResult,
  options: BrowserFixOptions,
  choices: FixChoices,
  attempt: Attempt = firstAttempt,
): FixPlan {
  const { only, skip } = options;
  if (reason) return { ...first, outcome: "cannot", reason };
  if (!opened) return planFix(report, choices, { only, skip });
  const { details, embedded, hevc, format } = opened;
  const plan = planFix(report, choices, {
    details,
    embedded,
    engine: browserTraits(hevc),
    attempt,
    only,
    skip,
  });
  // The engine has opened it, but knows none of its tracks.
  if (plan.reason?.code === "needs-probe")
    plan.reason = { code: "no-decoder", detail: formats[format].label };
  return plan;
}

/** What the browser's engines can do. They do not convert HDR: browsers differ in tone mapping. */
export const browserTraits = (hevc: boolean): EngineTraits => ({
  toneMapping: false,
  hevc,
  keepsMetadata: false,
  animations: [],
  textTracks: false,
  stillBitDepth: 8,
});
