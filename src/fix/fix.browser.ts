import { MediaPreflightError } from "../errors.ts";
import { browserPreflight } from "../preflight/preflight.browser.ts";
import type { Report } from "../report/report.ts";
import { type AttemptSteps, makeAttempts } from "./attempts.ts";
import { type OpenedFile, type OpenResult, openFile, planFor } from "./browser/opening.ts";
import { loadFixMessages } from "./messages.ts";
import { requireFixOptions } from "./option-names.ts";
import type { FixOptions, FixResult } from "./options.ts";
import { fixedName } from "./plan/command.ts";
import { type FixChoices, type FixPlan, firstAttempt } from "./plan/types.ts";
import { strictPreflightOptions } from "./preflight-options.ts";
import { cannot, planned, result } from "./results.ts";

/** How a file is fixed in a page. */
export interface BrowserFixOptions extends Omit<FixOptions, "out"> {
  /**
   * Address of the Worker's script: `media-preflight/fix-worker`, bundled with mediabunny and its encoders. Default:
   * `fix-worker.js` beside this module.
   */
  workerUrl?: string | URL | undefined;
}

/**
 * Makes a copy of a file that passes, in this page: by mediabunny (video, audio) or a canvas (still images), in a
 * Worker. If the browser cannot do it, the outcome is "cannot" with the reason, and `plan.command` is the ffmpeg command.
 * @throws MediaPreflightError `no-engine` where mediabunny is not installed or the Worker does not start,
 *   `unreadable`, `aborted`, `timeout`, `usage`
 */
export async function fix(file: Blob, options: BrowserFixOptions = {}): Promise<FixResult<File>> {
  requireFixOptions(options);
  if (!(file instanceof Blob)) throw new MediaPreflightError("usage", "fix takes a File or a Blob");
  const { locale, signal } = options;
  const messages = await loadFixMessages(typeof locale === "string" ? locale : undefined);
  const name = (file as Partial<File>).name ?? "file";
  const opening = await openFile(file, options);
  const { report, first, opened, reason } = opening;
  if (!opened) return reason ? cannot(name, first, report, reason, messages) : result(name, first, report);
  try {
    if (options.dryRun) return planned(name, report, planFor(opening, options, options), messages);
    const done = await makeAttempts(attemptSteps(file, opening, opened, options), signal);
    if (!("finished" in done)) {
      const plan: FixPlan = { ...done.plan, command: done.plan.command ?? first.command };
      return cannot(name, plan, report, done.reason, messages);
    }
    const { plan, finished } = done;
    const output = new File([finished], fixedName(name, plan.target?.format ?? "out"), {
      type: finished.type,
    });
    return {
      file: name,
      outcome: "fixed",
      output,
      plan,
      report: { ...done.report, file: output.name },
      reason: null,
    };
  } finally {
    opened.worker.end();
  }
}

/** A file whose tracks are known: `plan` shows the effect of choices without opening it again. */
export interface FixPreview {
  report: Report;
  plan(choices: FixChoices): FixPlan;
}

/**
 * Opens a file in a Worker to read all of its tracks. Nothing is written; the Worker is terminated.
 * @throws MediaPreflightError as `fix`
 */
export async function previewFix(file: Blob, options: BrowserFixOptions = {}): Promise<FixPreview> {
  const opening = await openFile(file, options);
  opening.opened?.worker.end();
  return { report: opening.report, plan: (choices) => planFor(opening, options, choices, firstAttempt) };
}

function attemptSteps(
  file: Blob,
  opening: OpenResult,
  { embedded, worker }: OpenedFile,
  options: BrowserFixOptions,
): AttemptSteps<Blob> {
  return {
    plan: (attempt) => planFor(opening, options, options, attempt),
    async run(plan) {
      const { job } = plan;
      if (!job) throw new MediaPreflightError("engine-failed", "the plan has no job");
      const written = await worker.ask({ op: "run", blob: file, job, embedded }, options.onProgress);
      if (!written.keepsLabel) plan.losses.push({ kind: "ai-label", detail: null });
      return written;
    },
    check: (output, format, plan) =>
      browserPreflight.preflight(output, {
        ...strictPreflightOptions(options),
        name: `output.${format}`,
        type: plan.type ?? undefined,
      }),
    probe: (output, format) => worker.ask({ op: "probe", blob: output, format }),
  };
}
