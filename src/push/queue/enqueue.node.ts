import { randomUUID } from "node:crypto";
import { closeSync } from "node:fs";
import type { JobInsert } from "pg-boss";
import type { Backoff } from "../../async/backoff.ts";
import { openRegularFile } from "../../bytes/open-file.node.ts";
import { sha256OfText } from "../../bytes/sha256.ts";
import { sha256OfPath } from "../../bytes/sha256-path.node.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import { isMediaPreflightError, MediaPreflightError, throwIfAborted } from "../../errors.ts";
import type { Kind } from "../../facts/formats.ts";
import { classifyInput } from "../../preflight/inputs/classify-input.ts";
import { pathOfFileUrl } from "../../preflight/inputs/file-url.node.ts";
import { unreadableScheme } from "../../preflight/inputs/unreadable-scheme.ts";
import type { Storage } from "../../storage/storage.ts";
import { objectAddress } from "../../submit/input/object-input.ts";
import type { SubmitOptions } from "../../submit/options.ts";
import { isSubmitError, type SubmitError } from "../../submit/submit-error.ts";
import { concernsAllFiles } from "../all-files-errors.ts";
import {
  deadLetterQueue,
  defaultAttempts,
  defaultBackoff,
  defaultSchema,
  type QueueJob,
  retryOptions,
  submitQueue,
} from "./job.ts";
import { type OpenQueue, openQueue, type QueueOptions } from "./open-queue.node.ts";
import { requireEnqueueOptions } from "./option-names.ts";
import { pathBelowRoot } from "./shared-file.node.ts";
import { objectPlace, putIntoStorage } from "./stored-file.node.ts";

/** The result for one file to be queued. */
export type EnqueueEvent =
  | { kind: "queued"; file: string; job: string }
  /** A job of the same bytes (or the same URL), type and account waits or runs. */
  | { kind: "already-queued"; file: string }
  /** It did not pass: with a storage, files are checked before they are put there. */
  | { kind: "refused"; file: string; error: SubmitError }
  | { kind: "error"; file: string; error: MediaPreflightError };

/** How files are queued. */
export interface EnqueueOptions
  extends QueueOptions,
    Pick<SubmitOptions, "acceptUnsure" | "crossCheck" | "crossCheckOptions" | "limits" | "rules" | "strict"> {
  /** Folder that all workers can read, at any path. Local files must lie below it. */
  sharedRoot?: string | undefined;
  /**
   * The user's own bucket, which the workers have too: local files that pass are put there, and its objects
   * ("s3://bucket/key") can be queued.
   */
  storage?: Storage | undefined;
  /** What the files are for. Default: detected from their bytes. */
  type?: Kind | undefined;
  /** Account label for ledger entries. Default "default". */
  account?: string | undefined;
  /** Jobs of a higher priority are taken first. Default 0. */
  priority?: number | undefined;
  /** Attempts at each file, the first included, before it becomes a dead letter. Default 6. */
  attempts?: number | undefined;
  /** Delays between attempts, in milliseconds; whole seconds are used. Default 5 s, doubling, at most 10 minutes. */
  backoff?: Pick<Backoff, "base" | "cap"> | undefined;
  signal?: AbortSignal | undefined;
  onEvent?: ((event: EnqueueEvent) => void) | undefined;
}

/** Counts of files. */
export interface EnqueueSummary {
  queued: number;
  alreadyQueued: number;
  /** Did not pass, and were neither put into the bucket nor queued. */
  refused: number;
  /** Could not be queued: unreadable, or not below the shared root. */
  errors: number;
}

const countOf = {
  queued: "queued",
  "already-queued": "alreadyQueued",
  refused: "refused",
  error: "errors",
} as const satisfies Record<EnqueueEvent["kind"], keyof EnqueueSummary>;

const jobsPerStatement = 200;

/**
 * Queues local files and URLs for `work`, on any machine, in the ledger's database. Each is one job; one whose bytes
 * (or URL), type and account are queued already is not queued again. Local files are read once, for their hash; with a
 * storage they are checked, and put there if they pass. The dead letter of an earlier job of the same file is removed. Needs the packages `pg-boss` and `pg`. The URL of a job is
 * stored as it is, with its query: anyone who can read the tables can read it.
 * @throws MediaPreflightError `ledger-unreachable`, `usage`, `aborted`
 */
export async function enqueue(
  files: Iterable<string | URL> | AsyncIterable<string | URL>,
  options: EnqueueOptions,
): Promise<EnqueueSummary> {
  requireEnqueueOptions(options);
  const queue = await openQueue(options, { supervised: false, connections: 2, signal: options.signal });
  const summary: EnqueueSummary = { queued: 0, alreadyQueued: 0, refused: 0, errors: 0 };
  const emit = (event: EnqueueEvent): void => {
    summary[countOf[event.kind]]++;
    options.onEvent?.(event);
  };
  try {
    let batch: QueuedJob[] = [];
    for await (const input of files) {
      throwIfAborted(options.signal);
      try {
        batch.push(await jobOf(input, options));
      } catch (error) {
        if (!isMediaPreflightError(error) || error.code === "aborted") throw error;
        const file = shownName(input);
        const refused = isSubmitError(error) && error.code === "refused";
        emit(refused ? { kind: "refused", file, error } : { kind: "error", file, error });
        // Every other file would fail in the same way.
        if (concernsAllFiles(error)) throw error;
      }
      if (batch.length === jobsPerStatement) {
        await insert(queue, batch, options, emit);
        batch = [];
      }
    }
    await insert(queue, batch, options, emit);
    return summary;
  } finally {
    await queue.boss.stop({ graceful: false });
  }
}

type QueuedJob = JobInsert<QueueJob> & { id: string; data: QueueJob; singletonKey: string };

async function insert(
  { boss, attempt }: OpenQueue,
  jobs: QueuedJob[],
  { schema = defaultSchema }: EnqueueOptions,
  emit: (event: EnqueueEvent) => void,
): Promise<void> {
  if (jobs.length === 0) return;
  const ids = new Set(await attempt(() => boss.insert(submitQueue, jobs, { returnId: true })));
  const added = jobs.filter(({ id }) => ids.has(id));
  const keys = added.map(({ singletonKey }) => singletonKey);
  await attempt(() =>
    boss
      .getDb()
      .executeSql(`DELETE FROM "${schema}".job WHERE name = $1 AND singleton_key = ANY($2::text[])`, [
        deadLetterQueue,
        keys,
      ]),
  );
  for (const { id, data } of jobs)
    emit(
      ids.has(id)
        ? { kind: "queued", file: data.file, job: id }
        : { kind: "already-queued", file: data.file },
    );
}

async function jobOf(input: string | URL, options: EnqueueOptions): Promise<QueuedJob> {
  const { type, account, priority, attempts = defaultAttempts, backoff = defaultBackoff } = options;
  const { subject, ...place } = await jobContentOf(input, options);
  const key = JSON.stringify([subject, type ?? null, account ?? "default"]);
  return {
    id: randomUUID(),
    data: { file: shownName(input), ...place, type, account },
    singletonKey: sha256OfText(key),
    ...(priority === undefined ? {} : { priority }),
    ...retryOptions(attempts, backoff),
  };
}

/** Where a worker finds the file, and what makes it the same file. */
type JobContent = Pick<QueueJob, "path" | "url" | "object" | "content"> & { subject: string };

async function jobContentOf(input: string | URL, options: EnqueueOptions): Promise<JobContent> {
  const { sharedRoot, storage, signal } = options;
  const classified = classifyInput(input);
  const address = storage ? objectAddress(input) : null;
  if (storage && address !== null) return await objectPlace(address, storage, signal ?? null);
  if (classified.kind === "http") return { url: classified.url, subject: classified.url };
  if (classified.kind === "data")
    throw new MediaPreflightError("usage", "a data: URL cannot be queued", { hint: "save it to a file" });
  if (classified.kind === "asset" || classified.kind === "other") throw unreadableScheme(classified);
  const local = classified.kind === "path" ? classified.path : pathOfFileUrl(classified.url);
  if (storage) return await putIntoStorage(local, storage, options);
  const path = pathBelowRoot(local, sharedRoot);
  closeSync(openRegularFile(local).fd);
  return { path, subject: await sha256OfPath(local, signal ?? null) };
}

/** A URL's query may be a secret. */
function shownName(input: string | URL): string {
  return objectAddress(input) !== null || classifyInput(input).kind === "path"
    ? String(input)
    : redactUrl(input);
}
