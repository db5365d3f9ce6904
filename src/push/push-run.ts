import { callSafely } from "../async/call-safely.ts";
import { limit } from "../async/limit.ts";
import type { Asset, AtlasClient, Progress } from "../atlas/types.ts";
import { abortError, MediaPreflightError } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { memoryLedger } from "../ledger/memory.ts";
import type { Report } from "../report/report.ts";
import { type AssetList, createAssetList } from "../submit/asset-list.ts";
import type { RunOptions, SubmitOptions, SubmitPlatform } from "../submit/options.ts";
import type { Submit } from "../submit/submit.ts";
import { SubmitError } from "../submit/submit-error.ts";
import { concernsAllFiles } from "./all-files-errors.ts";
import type { PushEvent, PushFile, PushOptions, PushSummary } from "./options.ts";
import { planner } from "./plan.ts";
import { addFile, done, emptyTally, overall, sent, type Tally } from "./progress.ts";
import { withRateLimit } from "./rate-limited-client.ts";
import { type Counts, newCounts, nextStep, withPlanned } from "./summary.ts";

/** One run over many files: its limits, counts and events. */
export class PushRun<Input> {
  /** Fires when the caller stops the run, or an error does. */
  readonly signal: AbortSignal;
  readonly ledger: Ledger;
  readonly #options: PushOptions;
  readonly #submit: Submit<Input>;
  readonly #plan: ReturnType<typeof planner<Input>>;
  readonly #atlas: AtlasClient;
  readonly #assetList: AssetList;
  readonly #stop = new AbortController();
  readonly #limits: Readonly<Record<"check" | "upload", ReturnType<typeof limit>>>;
  readonly #counts: Counts;
  readonly #begun = performance.now();
  #tally: Tally;
  #tooMany: number | null = null;

  /** @param knownFiles how many files there are, if that is known from the beginning */
  constructor(
    platform: SubmitPlatform<Input>,
    submit: Submit<Input>,
    options: PushOptions,
    knownFiles: number | null,
  ) {
    this.#options = options;
    this.#submit = submit;
    this.#atlas =
      options.limitRate === undefined ? options.atlas : withRateLimit(options.atlas, options.limitRate);
    this.signal = options.signal ? AbortSignal.any([options.signal, this.#stop.signal]) : this.#stop.signal;
    this.ledger = options.ledger ?? memoryLedger();
    this.#assetList = createAssetList(options.atlas, this.signal);
    this.#limits = { check: limit(options.checks ?? 4), upload: limit(options.uploads ?? 3) };
    this.#counts = newCounts(options.dryRun ?? false);
    this.#plan = planner(platform, this.ledger, options.again ?? []);
    this.#tally = knownFiles === null ? emptyTally : { ...emptyTally, files: knownFiles, complete: true };
  }

  /** Counts requests and passes pauses on. Returns what ends that. */
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

  /** Brings one file to its end; never rejects. */
  async pushFile(given: PushFile<Input>): Promise<void> {
    const file = { given, key: String(++this.#counts.files), report: null as Report | null };
    this.#tally = addFile(this.#tally, this.#counts.files);
    this.#emit({ kind: "start", file: given.file });
    try {
      await (this.#options.dryRun ? this.#planFile(file) : this.#submitFile(file));
    } catch (error) {
      this.#finish(file);
      this.#countError(given.file, file.report, coded(error));
    }
  }

  async #planFile(file: FileRun<Input>): Promise<void> {
    const { input, file: name } = file.given;
    const planned = await this.#limits.check(() => this.#plan(input, this.#submitOptions(file)));
    file.report = planned.report;
    this.#counts.passed++;
    this.#counts.planned[planned.plan]++;
    this.#counts.estimate = withPlanned(
      this.#counts.estimate,
      planned.plan,
      planned.report.facts.bytes ?? 0,
      isUrl(input),
    );
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

  #submitOptions(run: FileRun<Input>): SubmitOptions & RunOptions {
    const { file, assetName, input: _, ...own } = run.given;
    const { checks, uploads, inFlight, dryRun, onEvent, onPause, maxErrors, limitRate, ...shared } =
      this.#options;
    return {
      ...shared,
      atlas: this.#atlas,
      ledger: this.ledger,
      assetList: this.#assetList,
      // Its own, so that the listeners of all files do not gather on one: Node.js warns of more than ten.
      signal: AbortSignal.any([this.signal]),
      file,
      assetName,
      type: own.type ?? shared.type,
      rules: own.rules ?? shared.rules,
      limits: own.limits ?? shared.limits,
      strict: own.strict ?? shared.strict,
      turn: (phase, task) => this.#limits[phase](task),
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
    if (phase === "upload") this.#tally = sent(this.#tally, key, loaded, total ?? loaded, Date.now());
    this.#emit({ kind: "progress", file: given.file, ...progress });
  }

  #finish({ key, report }: FileRun<Input>): void {
    this.#tally = done(this.#tally, key, report?.facts.bytes ?? 0);
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
    this.#stopAfter(error);
    this.#emit({ kind: "error", file, report, error });
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
    callSafely(this.#options.onEvent, event, overall(this.#tally, Date.now()));
  }

  summary(): PushSummary {
    const { limitRate } = this.#options;
    const { fatal, estimate, errors } = this.#counts;
    const stopped = this.signal.aborted;
    const seconds = limitRate === undefined || !estimate ? null : estimate.bytes / limitRate;
    return {
      ...this.#counts,
      bytes: { checked: this.#tally.bytesDone, sent: overall(this.#tally, Date.now()).bytes },
      elapsed: Math.round(performance.now() - this.#begun),
      estimate: estimate && { ...estimate, seconds },
      stopped,
      hint: nextStep({ stopped, errors }, fatal, this.#tooMany),
    };
  }
}

/** One file on its way. */
interface FileRun<Input> {
  given: PushFile<Input>;
  /** Tells files with the same name apart. */
  key: string;
  report: Report | null;
}

const isUrl = (input: unknown): boolean =>
  input instanceof URL
    ? input.protocol !== "file:"
    : typeof input === "string" && /^https?:\/\//i.test(input);

function coded(error: unknown): MediaPreflightError {
  if (error instanceof MediaPreflightError) return error;
  const { name } = error as { name?: unknown };
  if (name === "AbortError") return abortError(AbortSignal.abort());
  return new MediaPreflightError("unreadable", "the file could not be processed", { cause: error });
}
