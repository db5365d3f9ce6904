import { forEachConcurrently } from "../async/for-each-concurrently.ts";
import { limit } from "../async/limit.ts";
import type { Asset, Progress } from "../atlas/types.ts";
import { abortError, MediaPreflightError } from "../errors.ts";
import { memoryLedger } from "../ledger/memory.ts";
import type { Report } from "../report/report.ts";
import { createAssetList } from "../submit/asset-list.ts";
import type { SubmitPlatform } from "../submit/options.ts";
import { createSubmit } from "../submit/submit.ts";
import { SubmitError } from "../submit/submit-error.ts";
import type { Push, PushEvent, PushFile } from "./options.ts";
import { planner } from "./plan.ts";
import { done, emptyTally, overall, sent } from "./progress.ts";

/** Errors after which no other file can do better. */
const fatalCodes: ReadonlySet<string> = new Set([
  "no-key",
  "unauthorized",
  "ledger-invalid",
  "ledger-locked",
  "bad-table",
]);

/**
 * Pushes many files: each is checked, uploaded, registered and waited for on its own, and what goes wrong with one
 * stops no other. It says nothing itself: all news are events. Bytes are streamed; a file's report is not kept.
 */
export function createPush<Input>(platform: SubmitPlatform<Input>): Push<Input> {
  const submit = createSubmit(platform);
  return async (files, options) => {
    const { checks, uploads, inFlight, dryRun, onEvent, ...shared } = options;
    const stop = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const ledger = options.ledger ?? memoryLedger();
    const limits = { check: limit(checks ?? 4), upload: limit(uploads ?? 3) };
    const run = { ...shared, signal, ledger, assetList: createAssetList(options.atlas, signal) };
    const plan = planner(platform, ledger, options.again ?? []);
    const planned = { reuse: 0, wait: 0, look: 0, register: 0, upload: 0, again: 0 };
    const count = {
      files: 0,
      passed: 0,
      refused: 0,
      reused: 0,
      uploaded: 0,
      registered: 0,
      active: 0,
      failed: 0,
    };
    const summary = { ...count, errors: 0, left: 0, planned, stopped: false };
    let fatal: MediaPreflightError | null = null;
    let tally = Array.isArray(files) ? { ...emptyTally, files: files.length, complete: true } : emptyTally;

    const tell = (event: PushEvent): void => onEvent?.(event, overall(tally, Date.now()));
    async function one({ input, file, type, name, ...own }: PushFile<Input>): Promise<void> {
      const mark = String(++summary.files);
      if (!tally.complete) tally = { ...tally, files: summary.files };
      tell({ kind: "start", file });
      let report: Report | null = null;
      const mine = {
        ...run,
        // Its own, so that the listeners of all files at work do not gather on one: Node warns of more than ten.
        signal: AbortSignal.any([signal]),
        file,
        name,
        type: type ?? options.type,
        rules: own.rules ?? options.rules,
        limits: own.limits ?? options.limits,
        strict: own.strict ?? options.strict,
        turn: <T>(phase: "check" | "upload", act: () => Promise<T>) => limits[phase](act),
        onNote: (message: string) => tell({ kind: "note", file, message }),
        onReport(judged: Report) {
          report = judged;
          tell({ kind: "judged", file, report: judged });
        },
        onProgress(progress: Progress) {
          const { phase, loaded, total } = progress;
          if (phase === "upload") tally = sent(tally, mark, loaded, total ?? loaded, Date.now());
          tell({ kind: "progress", file, ...progress });
        },
        onUploaded() {
          summary.uploaded++;
        },
        onRegistered(asset: Asset) {
          summary.registered++;
          tell({ kind: "registered", file, asset });
        },
      };
      try {
        if (dryRun) {
          const planning = await limits.check(() => plan(input, mine));
          summary.passed++;
          planned[planning.plan]++;
          finish(mark, planning.report);
          tell({ kind: "planned", file, ...planning });
          return;
        }
        const { report: judged, reused, ...asset } = await submit(input, mine);
        summary.passed++;
        if (reused) summary.reused++;
        if (asset.status === "active") summary.active++;
        finish(mark, judged);
        tell({ kind: "done", file, report: judged, asset, reused });
      } catch (error) {
        finish(mark, report);
        ended(file, report, error);
      }
    }

    function finish(mark: string, report: Report | null): void {
      tally = done(tally, mark, report?.facts.bytes ?? 0);
    }

    function ended(file: string, report: Report | null, thrown: unknown): void {
      const error = coded(thrown);
      if (error instanceof SubmitError && error.code === "refused" && error.report) {
        summary.refused++;
        tell({ kind: "refused", file, report: error.report, error });
        return;
      }
      if (report) summary.passed++;
      if (error.code === "asset-failed") summary.failed++;
      else if (error.code === "aborted" && signal.aborted) summary.left++;
      else summary.errors++;
      if (fatalCodes.has(error.code)) {
        fatal ??= error;
        stop.abort();
      }
      tell({ kind: "error", file, report, error });
    }

    try {
      await forEachConcurrently(files, inFlight ?? 32, signal, one, () => {
        tally = { ...tally, complete: true };
      });
    } finally {
      await ledger.flush();
    }
    const stopped = signal.aborted;
    return { ...summary, stopped, fatal, hint: hintFor(stopped, fatal, summary.errors) };
  };
}

function coded(error: unknown): MediaPreflightError {
  if (error instanceof MediaPreflightError) return error;
  const { name } = error as { name?: unknown };
  if (name === "AbortError") return abortError(AbortSignal.abort());
  return new MediaPreflightError("unreadable", "it could not be handled", { cause: error });
}

function hintFor(stopped: boolean, fatal: MediaPreflightError | null, errors: number): string | null {
  if (fatal) return fatal.hint ?? "correct this, then run the same command again";
  const kept = "what was done is in the ledger and is not done again";
  if (stopped) return `stopped: run the same command again to go on; ${kept}`;
  return errors > 0 ? `run the same command again for those that ended in an error; ${kept}` : null;
}
