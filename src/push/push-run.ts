import { callSafely } from "../async/call-safely.ts";
import { limit } from "../async/limit.ts";
import type { Asset, AtlasClient, Progress } from "../atlas/types.ts";
import { abortError, MediaPreflightError } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { memoryLedger } from "../ledger/memory.ts";
import type { Report } from "../report/report.ts";
import { formatCount } from "../report/units.ts";
import type { Storage } from "../storage/storage.ts";
import type { SubmitPlatform } from "../submit/input/submit-file.ts";
import type { SubmitHooks, SubmitOptions } from "../submit/options.ts";
import { type AssetList, createAssetList } from "../submit/registration/asset-list.ts";
import type { Submit } from "../submit/submit.ts";
import { SubmitError } from "../submit/submit-error.ts";
import { concernsAllFiles } from "./all-files-errors.ts";
import type { PushEvent, PushFile, PushOptions, PushSummary } from "./options.ts";
import { planner } from "./plan.ts";
import { emptyTally, type Tally, totalsOf, withBytesSent, withFile, withFileDone } from "./progress.ts";
import { withRateLimit } from "./rate-limited-client.ts";
import { type Counts, newCounts, nextStepHint, withPlanned } from "./summary.ts";

/** One run over many files: its limits, counts and events. */
export class PushRun<Input> {
  /** Fires when the caller stops the run, or an error does. */
  readonly signal: AbortSignal;
  readonly ledger: Ledger;
  readonly #options: PushOptions;
  readonly #submit: Submit<Input>;
  readonly #plan: ReturnType<typeof planner<Input>>;
  readonly #atlas: AtlasClient;
  readonly #storage: Storage | undefined;
  readonly #assetList: AssetList;
  readonly #stop = new AbortController();
  readonly #limits: Readonly<Record<"check" | "upload", ReturnType<typeof limit>>>;
  readonly #counts: Counts;
  readonly #begun = performance.now();
  #tally: Tally;
  #tooMany: number | null = null;
  /** Errors of a wrong call, which the same command would meet again. */
  #usageErrors = 0;
  /** Errors that may not occur again without any change. */
  #retryableErrors = 0;

  /** @param knownFiles how many files there are, if that is known from the beginning */
  constructor(
    platform: SubmitPlatform<Input>,
    submit: Submit<Input>,
    options: PushOptions,
    knownFiles: number | null,
  ) {
    this.#options = options;
    this.#submit = submit;
    const limited = options.limitRate === undefined ? options : withRateLimit(options, options.limitRate);
    this.#atlas = limited.atlas;
    this.#storage = limited.storage;
    this.signal = options.signal ? AbortSignal.any([options.signal, this.#stop.signal]) : this.#stop.signal;
    this.ledger = options.ledger ?? memoryLedger();
    this.#assetList = createAssetList(options.atlas, this.signal);
    this.#limits = { check: limit(options.checks ?? 4), upload: limit(options.uploads ?? 3) };
    this.#counts = newCounts(options.dryRun ?? false);
    this.#plan = planner(platform, this.ledger, options.again ?? []);
    this.#tally = knownFiles === null ? emptyTally : { ...emptyTally, files: knownFiles, complete: true };
  }

  /** Counts the client's requests and reports its pauses, until the returned function is called. */
  watchClient(): () => void {
    const end = this.#options.atlas.subscribe?.((event) => {
      if (event.kind === "request") this.#counts.requests++;
      else {
        const { host, reason, milliseconds } = event;
        callSafely(this.#options.onPause, { host, reason, milliseconds });
      }
    });
    return end ?? (() => {});
  }

  /** All files have been found. */
  allFound(): void {
    this.#tally = { ...this.#tally, complete: true };
  }

  /** Checks and submits one file, or plans that; never rejects. */
  async pushFile(given: PushFile<Input>): Promise<void> {
    const file = { given, key: String(++this.#counts.files), report: null as Report | null };
    this.#tally = withFile(this.#tally, this.#counts.files);
    this.#emit({ kind: "start", file: given.file });
    try {
      await (this.#options.dryRun ? this.#planFile(file) : this.#submitFile(file));
    } catch (error) {
      this.#finish(file);
      this.#countError(given.file, file.report, toCodedError(error));
    }
  }

  async #planFile(file: FileRun<Input>): Promise<void> {
    const { input, file: name } = file.given;
    const planned = await this.#limits.check(() => this.#plan(input, this.#submitOptions(file)));
    file.report = planned.report;
    this.#counts.passed++;
    this.#counts.planned[planned.plan]++;
    this.#counts.estimate = withPlanned(this.#counts.estimate, planned);
    this.#finish(file);
    this.#emit({ kind: "planned", file: name, ...planned });
  }

  async #submitFile(file: FileRun<Input>): Promise<void> {
    const { input, file: name } = file.given;
    const { report, reused, ...asset } = await this.#submit(input, this.#submitOptions(file));
    file.report = report;
    this.#counts.passed++;
    if (reused) this.#counts.reused++;
    if (asset.status === "active") this.#counts.active++;
    this.#finish(file);
    this.#emit({ kind: "done", file: name, report, asset, reused });
  }

  #submitOptions(run: FileRun<Input>): SubmitOptions & SubmitHooks {
    const { file, assetName, input: _, ...own } = run.given;
    const { checks, uploads, inFlight, dryRun, onEvent, onPause, maxErrors, limitRate, ...shared } =
      this.#options;
    return {
      ...shared,
      atlas: this.#atlas,
      storage: this.#storage,
      ledger: this.ledger,
      assetList: this.#assetList,
      // One signal per file, since Node.js warns of more than ten listeners.
      signal: AbortSignal.any([this.signal]),
      file,
      assetName,
      type: own.type ?? shared.type,
      rules: own.rules ?? shared.rules,
      limits: own.limits ?? shared.limits,
      strict: own.strict ?? shared.strict,
      schedule: (phase, task) => this.#limits[phase](task),
      onNote: (message) => this.#emit({ kind: "note", file, message }),
      onReport: (report) => {
        run.report = report;
        this.#emit({ kind: "checked", file, report });
      },
      onProgress: (progress) => this.#progress(run, progress),
      onUploaded: () => void this.#counts.uploaded++,
      onRegistered: (asset: Asset) => {
        this.#counts.registered++;
        this.#emit({ kind: "registered", file, asset });
      },
    };
  }

  #progress({ key, given }: FileRun<Input>, progress: Progress): void {
    const { phase, loaded, total } = progress;
    if (phase === "upload")
      this.#tally = withBytesSent(this.#tally, key, loaded, total ?? loaded, Date.now());
    this.#emit({ kind: "progress", file: given.file, ...progress });
  }

  #finish({ key, report }: FileRun<Input>): void {
    this.#tally = withFileDone(this.#tally, key, report?.facts.bytes ?? 0);
  }

  #countError(file: string, report: Report | null, error: MediaPreflightError): void {
    const counts = this.#counts;
    if (error instanceof SubmitError && error.code === "refused" && error.report) {
      counts.refused++;
      this.#emit({ kind: "refused", file, report: error.report, error });
      return;
    }
    if (report) counts.passed++;
    if (error.code === "asset-failed") counts.failed++;
    else if (error.code === "aborted" && this.signal.aborted) counts.left++;
    else counts.errors++;
    if (error.code === "usage") this.#usageErrors++;
    if (error.retryable) this.#retryableErrors++;
    this.#stopAfter(error);
    this.#emit({ kind: "error", file, report, error: this.#withCause(error) });
  }

  /** A file that was left because of another one's error says so. */
  #withCause(error: MediaPreflightError): MediaPreflightError {
    const { fatal } = this.#counts;
    const tooMany = this.#tooMany && formatCount(this.#tooMany, "error");
    const why = fatal?.summary ?? tooMany;
    const unknown = (error as { outcome?: unknown }).outcome === "unknown";
    if (error.code !== "aborted" || why === null || unknown) return error;
    return new MediaPreflightError("aborted", `not done, because the run stopped: ${why}`, { cause: error });
  }

  #stopAfter(error: MediaPreflightError): void {
    const { errors, failed } = this.#counts;
    const { maxErrors } = this.#options;
    if (concernsAllFiles(error)) this.#counts.fatal ??= error;
    else if (maxErrors === undefined || errors + failed < maxErrors || this.signal.aborted) return;
    else this.#tooMany = errors + failed;
    this.#stop.abort();
  }

  #emit(event: PushEvent): void {
    callSafely(this.#options.onEvent, event, totalsOf(this.#tally, Date.now()));
  }

  summary(): PushSummary {
    const { limitRate } = this.#options;
    const { fatal, estimate, errors } = this.#counts;
    const stopped = this.signal.aborted;
    const seconds = limitRate === undefined || !estimate ? null : estimate.bytes / limitRate;
    return {
      ...this.#counts,
      bytes: { checked: this.#tally.bytesDone, sent: totalsOf(this.#tally, Date.now()).bytes },
      elapsed: Math.round(performance.now() - this.#begun),
      estimate: estimate && { ...estimate, seconds },
      stopped,
      hint: nextStepHint(
        { stopped, errors: errors - this.#usageErrors, retryable: this.#retryableErrors },
        fatal,
        this.#tooMany,
      ),
    };
  }
}

/** One file being pushed. */
interface FileRun<Input> {
  given: PushFile<Input>;
  /** Distinguishes files with the same name. */
  key: string;
  report: Report | null;
}

function toCodedError(error: unknown): MediaPreflightError {
  if (error instanceof MediaPreflightError) return error;
  const { name } = error as { name?: unknown };
  if (name === "AbortError") return abortError(AbortSignal.abort());
  return new MediaPreflightError("unreadable", "the file could not be processed", { cause: error });
}
