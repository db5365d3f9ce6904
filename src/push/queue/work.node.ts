import { statSync } from "node:fs";
import type { JobResult, JobWithMetadata } from "pg-boss";
import { delay } from "../../async/delay.ts";
import { Stopwatch } from "../../async/stopwatch.ts";
import type { Asset } from "../../atlas/types.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import { isMediaPreflightError, MediaPreflightError } from "../../errors.ts";
import { postgresLedger } from "../../ledger/postgres/postgres-ledger.node.ts";
import { nodePreflight } from "../../preflight/preflight.node.ts";
import type { Report } from "../../report/report.ts";
import type { SubmitOptions } from "../../submit/options.ts";
import { createAssetList } from "../../submit/registration/asset-list.ts";
import { isSubmitError } from "../../submit/submit-error.ts";
import { concernsAllFiles } from "../all-files-errors.ts";
import { createNodeSubmitAndPush } from "../submit-and-push.node.ts";
import { accessError } from "./access-error.ts";
import { type QueueJob, submitQueue } from "./job.ts";
import { failureOf, mayRetry } from "./job-result.ts";
import { type OpenQueue, openQueue, type QueueOptions } from "./open-queue.node.ts";
import { requireWorkOptions } from "./option-names.ts";
import { fileBelowRoot } from "./shared-file.node.ts";
import { unfinishedJobs } from "./status.node.ts";

/** The result of one attempt at a job. */
export type WorkEvent =
  | { kind: "start"; file: string }
  | { kind: "done"; file: string; report: Report; asset: Asset; reused: boolean }
  /** It is tried again later. */
  | { kind: "retry"; file: string; error: unknown; attempt: number }
  /** It failed finally: its reasons are in the dead letters. */
  | { kind: "dead"; file: string; report: Report | null; error: unknown };

/** How a worker submits. */
export interface WorkOptions
  extends QueueOptions,
    Omit<SubmitOptions, "account" | "assetName" | "file" | "ledger" | "onProgress" | "signal" | "type"> {
  /** Schema of the ledger's tables. Default "media_preflight". */
  ledgerSchema?: string | undefined;
  /** The folder below which local files may be opened. Default: none, the worker only takes URLs. */
  sharedRoot?: string | undefined;
  /** Jobs at a time. Default 4. */
  jobs?: number | undefined;
  /** Return once no job waits or runs, on any machine. Default false: wait for new jobs until the signal fires. */
  untilEmpty?: boolean | undefined;
  /** Takes no new job once it fires; jobs that run may end within `drain`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds that running jobs may take once the signal fired; then they are stopped and queued again. Default 60,000. */
  drain?: number | undefined;
  onEvent?: ((event: WorkEvent) => void) | undefined;
}

/** Counts of attempts. */
export interface WorkSummary {
  done: number;
  retried: number;
  dead: number;
  /** The error that stopped the worker, because it concerns all files: the key, the account or the ledger. */
  fatal: MediaPreflightError | null;
}

const pollInSeconds = 2;
const watchInMilliseconds = 2000;
/** A database that does not answer for so long ends the worker. */
const lossInMilliseconds = 60_000;
/** A stopped request ends within 5 s. */
const stopInMilliseconds = 15_000;

/**
 * Takes queued files, checks each, and uploads, registers and waits as `submit` does, with the PostgreSQL ledger of the
 * same database: that ledger, not the queue, is what registers each file once, also if a worker dies or two of them get
 * the same job. A file that does not pass becomes a dead letter at once, with the findings that block; what may pass
 * later is tried again with backoff. Needs the packages `pg-boss` and `pg`.
 * @throws MediaPreflightError `ledger-unreachable`, `usage`
 */
export async function work(options: WorkOptions): Promise<WorkSummary> {
  requireWorkOptions(options);
  requireFolder(options.sharedRoot);
  const jobs = options.jobs ?? 4;
  const queue = await openQueue(options, {
    supervised: true,
    connections: Math.min(10, jobs + 2),
    signal: options.signal,
  });
  const ledger = postgresLedger(options.connectionString, {
    schema: options.ledgerSchema,
    maxConnections: Math.min(10, jobs + 1),
  });
  const worker = new Worker(options, ledger);
  try {
    const fatal = await accessError(options.atlas, options.signal);
    if (fatal) return { ...worker.summary, fatal };
    await queue.attempt(() =>
      queue.boss.work<QueueJob, JobResult[], ReturnType<typeof fetching>>(
        submitQueue,
        fetching(jobs),
        (batch: JobWithMetadata<QueueJob>[]) => Promise.all(batch.map((job) => worker.run(job))),
      ),
    );
    await worker.watch(queue);
    await worker.drain(queue);
    return worker.summary;
  } finally {
    await queue.boss.stop({ graceful: true, timeout: stopInMilliseconds }).catch(() => {});
    await ledger.close();
  }
}

/** How jobs are fetched. */
function fetching(jobs: number) {
  return {
    localConcurrency: jobs,
    batchSize: 1,
    includeMetadata: true,
    pollingIntervalSeconds: pollInSeconds,
    // The next job is fetched at once, not at the next poll.
    burstWhenBatchFull: true,
    perJobResults: true,
  } as const;
}

class Worker {
  readonly summary: WorkSummary = { done: 0, retried: 0, dead: 0, fatal: null };
  readonly #options: WorkOptions;
  readonly #submitOptions: Omit<SubmitOptions, "signal">;
  readonly #submit = createNodeSubmitAndPush(nodePreflight.preflight).submit;
  readonly #assetList;
  /** Take no new job. */
  readonly #stop = new AbortController();
  /** End the running ones. */
  readonly #abandon = new AbortController();

  constructor(options: WorkOptions, ledger: SubmitOptions["ledger"]) {
    this.#options = options;
    this.#submitOptions = submitOptionsOf(options, ledger);
    this.#assetList = createAssetList(options.atlas, this.#abandon.signal);
    const stop = (): void => this.#stop.abort();
    if (options.signal?.aborted) stop();
    options.signal?.addEventListener("abort", stop, { once: true });
  }

  async run(job: JobWithMetadata<QueueJob>): Promise<JobResult> {
    const { file, path, url, object, content, type, account } = job.data;
    this.#emit({ kind: "start", file });
    try {
      const input = object ?? (url === undefined ? this.#pathOf(path) : new URL(url));
      if (object !== undefined) this.#requireStorage(object);
      const { report, reused, ...asset } = await this.#submit(input, {
        ...this.#submitOptions,
        assetList: this.#assetList,
        knownContent: content,
        file,
        type,
        account,
        signal: AbortSignal.any([job.signal, this.#abandon.signal]),
      });
      this.summary.done++;
      this.#emit({ kind: "done", file, report, asset, reused });
      return { id: job.id, status: "completed", output: { assetId: asset.id, reused } };
    } catch (error) {
      return this.#failed(job, error);
    }
  }

  #pathOf(path: string | undefined): string {
    return fileBelowRoot(path ?? "", this.#options.sharedRoot);
  }

  /** `submit` checks whether the object is in it. @throws MediaPreflightError `usage` */
  #requireStorage(object: string): void {
    if (this.#options.storage) return;
    throw new MediaPreflightError("usage", "this worker has no storage and cannot open objects", {
      url: redactUrl(object),
      retryable: true,
      hint: "start it with --storage s3://bucket/prefix/ (storage)",
    });
  }

  #failed(job: JobWithMetadata<QueueJob>, error: unknown): JobResult {
    const { file } = job.data;
    if (concernsAllFiles(error) && isMediaPreflightError(error)) {
      this.summary.fatal ??= error;
      this.#stop.abort();
    }
    const output = failureOf(error);
    if (mayRetry(error) && job.retryCount < job.retryLimit) {
      this.summary.retried++;
      this.#emit({ kind: "retry", file, error, attempt: job.retryCount + 1 });
      return { id: job.id, status: "failed", output };
    }
    this.summary.dead++;
    this.#emit({ kind: "dead", file, error, report: isSubmitError(error) ? error.report : null });
    return { id: job.id, status: "deadletter", output };
  }

  /** Until there is a reason to stop: the caller's signal, an error that concerns all files, or an empty queue. */
  async watch(queue: OpenQueue): Promise<void> {
    const { untilEmpty, schema } = this.#options;
    let answered = new Stopwatch();
    while (!this.#stop.signal.aborted) {
      try {
        const unfinished = await unfinishedJobs(queue, schema);
        if (untilEmpty && unfinished === 0) return;
        answered = new Stopwatch();
      } catch (error) {
        if (!isMediaPreflightError(error)) throw error;
        if (!error.retryable || answered.shortest() > lossInMilliseconds) {
          this.summary.fatal = error;
          return;
        }
      }
      await delay(watchInMilliseconds, this.#stop.signal).catch(() => {});
    }
  }

  /** Lets running jobs end, for a while. */
  async drain({ boss }: OpenQueue): Promise<void> {
    const timer = setTimeout(() => this.#abandon.abort(), this.#options.drain ?? 60_000);
    await boss.offWork(submitQueue, { wait: true });
    clearTimeout(timer);
  }

  #emit(event: WorkEvent): void {
    this.#options.onEvent?.(event);
  }
}

/** The options of a worker that `submit` takes. */
function submitOptionsOf(
  options: WorkOptions,
  ledger: SubmitOptions["ledger"],
): Omit<SubmitOptions, "signal"> {
  const {
    connectionString: _,
    schema: _schema,
    ledgerSchema: _ledgerSchema,
    sharedRoot: _sharedRoot,
    jobs: _jobs,
    untilEmpty: _untilEmpty,
    signal: _signal,
    drain: _drain,
    onEvent: _onEvent,
    ...submit
  } = options;
  return { ...submit, ledger };
}

/** With a share that is not mounted, every job would fail. */
function requireFolder(sharedRoot: string | undefined): void {
  if (sharedRoot === undefined || statSync(sharedRoot, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new MediaPreflightError("usage", "the shared root is not a folder", { path: sharedRoot });
}
