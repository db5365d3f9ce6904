import type { Asset, Progress } from "../atlas/types.ts";
import { abortError, MediaPreflightError } from "../errors.ts";
import type { Kind } from "../facts/formats.ts";
import type { Report } from "../report/report.ts";
import { type Entry, keyText } from "./ledger/entry.ts";
import { memoryLedger } from "./ledger/memory.ts";
import { done, emptyTally, type Overall, overall, sent } from "./push-progress.ts";
import { turns } from "./push-turns.ts";
import { createSubmit } from "./submit.ts";
import { checkFile, entryKey } from "./submit-check.ts";
import { SubmitError } from "./submit-error.ts";
import type { SubmitOptions, SubmitPlatform } from "./submit-options.ts";
import { createSurvey } from "./submit-survey.ts";

/** One file to push. */
export interface PushFile<Input> extends Pick<SubmitOptions, "rules" | "limits" | "strict"> {
  input: Input;
  /** What it is called in events and reports: a path as given. */
  file: string;
  type?: Kind | undefined;
  /** The asset's name. */
  name?: string | undefined;
}

/** What a dry run says would be done. */
export type Plan =
  | "reuse" // the ledger has it Active
  | "wait" // it is registered: wait until Active
  | "look" // a registration's answer was lost: look for it
  | "register" // it is uploaded
  | "upload" // upload and register
  | "again"; // it was Failed before, and the user wants it tried again

/** News of one file. Each file ends with exactly one of `done`, `refused`, `planned`, `error`. */
export type PushEvent =
  | { kind: "start"; file: string }
  | { kind: "judged"; file: string; report: Report }
  | ({ kind: "progress"; file: string } & Progress)
  | { kind: "note"; file: string; message: string }
  | { kind: "registered"; file: string; asset: Asset }
  | { kind: "done"; file: string; report: Report; asset: Asset; reused: boolean }
  | { kind: "refused"; file: string; report: Report; error: SubmitError }
  | { kind: "planned"; file: string; report: Report; plan: Plan }
  | { kind: "error"; file: string; report: Report | null; error: MediaPreflightError };

/** How many files are sent. */
export interface PushOptions extends Omit<SubmitOptions, "name" | "onNote" | "onProgress" | "file"> {
  /** Files checked at a time. Default 4. */
  checks?: number | undefined;
  /** Files uploaded at a time. Default 3: each costs some 25 MB of memory. */
  uploads?: number | undefined;
  /** Files anywhere between check and Active. Default 32. */
  inFlight?: number | undefined;
  /** Says what would be done; no request that changes anything is made, and nothing is written. */
  dryRun?: boolean | undefined;
  onEvent?: ((event: PushEvent, overall: Overall) => void) | undefined;
}

/** Counts of files. */
export interface PushSummary {
  files: number;
  passed: number;
  refused: number;
  reused: number;
  uploaded: number;
  registered: number;
  active: number;
  /** Judged Failed by the service. */
  failed: number;
  /** Could not be brought to an end; asset-failed and refusals are not counted here. */
  errors: number;
  /** Begun and not ended when it was stopped. */
  left: number;
  /** Of a dry run. */
  planned: Readonly<Record<Plan, number>>;
  /** Whether the caller's signal, or an error that concerns all files, ended it early. */
  stopped: boolean;
  /** The error that concerns all files: the key, or the ledger. */
  fatal: MediaPreflightError | null;
  /** How to go on, where something is left to do. */
  hint: string | null;
}

/** Errors after which no other file can do better. */
const fatalCodes: ReadonlySet<string> = new Set([
  "no-key",
  "unauthorized",
  "ledger-invalid",
  "ledger-locked",
  "bad-table",
]);

export type Push<Input> = (
  files: Iterable<PushFile<Input>> | AsyncIterable<PushFile<Input>>,
  options: PushOptions,
) => Promise<PushSummary>;

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
    const limits = { check: turns(checks ?? 4), upload: turns(uploads ?? 3) };
    const run = { ...shared, signal, ledger, survey: createSurvey(options.atlas, signal) };
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
    const plans = new Set<string>();
    let recorded: Promise<Map<string, Entry>> | null = null;
    const entriesByKey = (): Promise<Map<string, Entry>> => {
      recorded ??= ledger.entries().then((all) => new Map(all.map((entry) => [keyText(entry), entry])));
      return recorded;
    };

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

    async function plan(input: Input, mine: SubmitOptions): Promise<{ plan: Plan; report: Report }> {
      const checked = await checkFile(platform, input, mine, true);
      if (!checked) throw new SubmitError("changed", "it changed while it was checked", { retryable: true });
      const { report, probed } = checked;
      const key = keyText(entryKey(checked, mine));
      const entry = (await entriesByKey()).get(key);
      if (plans.has(key)) return { plan: "reuse", report };
      plans.add(key);
      const known = probed === null || probed.etag !== null ? entry?.step : undefined;
      if (entry?.step === "registering") return { plan: "look", report };
      if (known === "active") return { plan: "reuse", report };
      if (known === "registered") return { plan: "wait", report };
      if (known === "uploaded") return { plan: "register", report };
      if (known !== "failed") return { plan: "upload", report };
      if (options.again?.includes("failed")) return { plan: "again", report };
      throw new SubmitError(
        "asset-failed",
        `the service judged it Failed before: ${entry?.errorCode ?? "no code"}`,
        {
          report,
          id: entry?.id ?? null,
          upstreamCode: entry?.errorCode ?? null,
        },
      );
    }

    try {
      await inParallel(files, inFlight ?? 32, signal, one, () => {
        tally = { ...tally, complete: true };
      });
    } finally {
      await ledger.flush();
    }
    const stopped = signal.aborted;
    return { ...summary, stopped, fatal, hint: hintFor(stopped, fatal, summary.errors) };
  };
}

/** Runs `act` on each, `most` at a time, and takes no further one once the signal fires. */
async function inParallel<T>(
  all: Iterable<T> | AsyncIterable<T>,
  most: number,
  signal: AbortSignal,
  act: (one: T) => Promise<void>,
  onAllKnown: () => void,
): Promise<void> {
  const iterator = Symbol.asyncIterator in all ? all[Symbol.asyncIterator]() : all[Symbol.iterator]();
  let ended = false;
  // One look at a time: iterators need not bear more.
  let looking: Promise<unknown> = Promise.resolve();
  const next = (): Promise<IteratorResult<T>> => {
    const look = looking.then(() => iterator.next());
    looking = look.catch(() => {});
    return look;
  };
  async function work(): Promise<void> {
    while (!ended && !signal.aborted) {
      const { done, value } = await next();
      if (done) {
        if (!ended) onAllKnown();
        ended = true;
        return;
      }
      await act(value);
    }
  }
  await Promise.all(Array.from({ length: most }, work));
  if (!ended) await iterator.return?.();
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
