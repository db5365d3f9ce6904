import type { JobResult, JobWithMetadata } from "pg-boss";
import { delay } from "../../async/delay.ts";
import { Stopwatch } from "../../async/stopwatch.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import { isMediaPreflightError, MediaPreflightError } from "../../errors.ts";
import { nodePreflight } from "../../preflight/preflight.node.ts";
import type { SubmitOptions } from "../../submit/options.ts";
import { createAssetList } from "../../submit/registration/asset-list.ts";
import { isSubmitError } from "../../submit/submit-error.ts";
import { concernsAllFiles } from "../all-files-errors.ts";
import { createNodeSubmitAndPush } from "../submit-and-push.node.ts";
import { type QueueJob, submitQueue } from "./job.ts";
import { failureOf, mayRetry } from "./job-result.ts";
import type { OpenQueue } from "./open-queue.node.ts";
import { fileBelowRoot } from "./shared-file.node.ts";
import { unfinishedJobs } from "./status.node.ts";
import type { WorkEvent, WorkOptions, WorkSummary } from "./work-options.ts";

const watchInMilliseconds = 2000;
/** A database that does not answer for so long ends the worker. */
const lossInMilliseconds = 60_000;

/** Submits the files of jobs, and knows when to take no more of them. */
export class Worker {
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
