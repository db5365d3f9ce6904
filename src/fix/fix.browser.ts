import { MediaPreflightError } from "../errors.ts";
import { type Format, formats } from "../facts/formats.ts";
import { browser } from "../preflight/preflight.browser.ts";
import type { Report } from "../report/report.ts";
import { makeAttempts, type Workbench } from "./attempts.ts";
import { type FixWorker, startFixWorker } from "./browser/client.ts";
import type { FixAnswers } from "./browser/protocol.ts";
import { judging, judgingStrictly } from "./judging.ts";
import { loadFixMessages } from "./messages.ts";
import { type FixOptions, type FixResult, openable } from "./options.ts";
import { fixedName } from "./plan/command.ts";
import { type Attempt, type EngineTraits, type FixPlan, firstAttempt } from "./plan/types.ts";
import { planFix } from "./plan.ts";
import { cannot, planned, result } from "./results.ts";

/** How a file is fixed in a page. */
export interface BrowserFixOptions extends Omit<FixOptions, "out"> {
  /**
   * Address of the Worker's script: `media-preflight/fix-worker`, bundled with mediabunny and its encoders. Default:
   * `fix-worker.js` beside this module.
   */
  workerUrl?: string | URL | undefined;
}

const defaultDeadline = 30 * 60_000;

/**
 * Makes a copy of a file that passes, in this page: by mediabunny (video, audio) or a canvas (still images), in a
 * Worker. Where the browser cannot, the outcome is "cannot" with the reason, and `plan.command` is the ffmpeg command.
 * @throws MediaPreflightError `no-engine` where mediabunny is not installed or the Worker does not start,
 *   `unreadable`, `aborted`, `timeout`, `usage`
 */
export async function fix(file: Blob, options: BrowserFixOptions = {}): Promise<FixResult<File>> {
  const { locale, signal } = options;
  const messages = await loadFixMessages(typeof locale === "string" ? locale : undefined);
  const name = (file as Partial<File>).name ?? "file";
  const report = await browser.preflight(file, judging(options));
  const first = planFix(report, options, { only: options.only, skip: options.skip });
  if (first.outcome === "fits" && !options.compatible) return result(name, first, report);
  if (first.outcome === "cannot" && !openable.has(first.reason?.code ?? ""))
    return result(name, first, report, first.reason, messages);
  const format = report.facts.format as Format | null;
  const kind = format && formats[format].kind;
  if (!format || !kind) return cannot(name, first, report, { code: "no-decoder", detail: format }, messages);
  const deadline = options.deadline ?? defaultDeadline;
  const worker = startFixWorker({ url: options.workerUrl, signal, deadline });
  try {
    let opened: FixAnswers["open"];
    try {
      opened = await worker.ask({ op: "open", blob: file, format, kind });
    } catch (error) {
      if (!(error instanceof MediaPreflightError) || error.code !== "engine-failed") throw error;
      return cannot(name, first, report, { code: "no-decoder", detail: error.message }, messages);
    }
    const bench = workbench(worker, { file, format, report, opened, options });
    if (options.dryRun) return planned(name, report, await bench.plan(firstAttempt), messages);
    const done = await makeAttempts(bench, signal);
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
    worker.end();
  }
}

interface Fixing {
  file: Blob;
  format: Format;
  report: Report;
  opened: FixAnswers["open"];
  options: BrowserFixOptions;
}

function workbench(worker: FixWorker, fixing: Fixing): Workbench<Blob> {
  const { file, format, options, opened, report } = fixing;
  const { details, embedded, hevc } = opened;
  return {
    plan(attempt: Attempt) {
      const { only, skip } = options;
      const plan = planFix(report, options, { details, embedded, engine: traits(hevc), attempt, only, skip });
      // The engine has opened it, and has found no track that it knows.
      if (plan.reason?.code === "needs-probe")
        plan.reason = { code: "no-decoder", detail: formats[format].label };
      return plan;
    },
    async run(plan) {
      const { job } = plan;
      if (!job) throw new MediaPreflightError("engine-failed", "the plan has no job");
      const written = await worker.ask({ op: "run", blob: file, job, embedded }, options.onProgress);
      if (!written.keepsLabel) plan.losses.push({ kind: "ai-label", detail: null });
      return written;
    },
    check: (output, format, plan) =>
      browser.preflight(output, {
        ...judgingStrictly(options),
        name: `output.${format}`,
        type: plan.type ?? undefined,
      }),
    probe: (output, format) => worker.ask({ op: "probe", blob: output, format }),
  };
}

/** What the browser's engines keep. HDR is left to ffmpeg: how browsers map its tones differs. */
const traits = (hevc: boolean): EngineTraits => ({
  toneMapping: false,
  hevc,
  keepsMetadata: false,
  animations: false,
  textTracks: false,
  stillBitDepth: 8,
});
