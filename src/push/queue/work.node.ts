import { statSync } from "node:fs";
import type { JobResult, JobWithMetadata } from "pg-boss";
import { MediaPreflightError } from "../../errors.ts";
import { postgresLedger } from "../../ledger/postgres/postgres-ledger.node.ts";
import { accessError } from "./access-error.ts";
import { type QueueJob, submitQueue } from "./job.ts";
import { openQueue } from "./open-queue.node.ts";
import { requireWorkOptions } from "./option-names.ts";
import type { WorkOptions, WorkSummary } from "./work-options.ts";
import { Worker } from "./worker.node.ts";

const pollInSeconds = 2;
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

/** With a share that is not mounted, every job would fail. */
function requireFolder(sharedRoot: string | undefined): void {
  if (sharedRoot === undefined || statSync(sharedRoot, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new MediaPreflightError("usage", "the shared root is not a folder", { path: sharedRoot });
}
