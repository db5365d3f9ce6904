import type { Backoff } from "../../async/backoff.ts";
import type { Kind } from "../../facts/formats.ts";

/** Queue of the files to submit. */
export const submitQueue = "submit";
/** Queue of the jobs that failed finally. */
export const deadLetterQueue = "submit-dead-letters";
/** Schema of pg-boss's tables, beside the ledger's. */
export const defaultSchema = "media_preflight_queue";

/** One file to submit, as it is stored in the queue. Exactly one of `path`, `url` and `object` is set. */
export interface QueueJob {
  /** What the file is called in reports: a path as given, or a URL without its query. */
  file: string;
  /** Path below the shared root, with "/" between its parts. */
  path?: string | undefined;
  url?: string | undefined;
  /** "s3://bucket/key" in the bucket that the workers have as their storage. */
  object?: string | undefined;
  /** What `add` put there, and its ETag then. */
  content?: { etag: string; sha256: string } | undefined;
  type?: Kind | undefined;
  account?: string | undefined;
}

/** Why a job failed: its output in the queue. */
export interface JobFailure {
  code: string;
  message: string;
  hint: string | null;
  /** The findings that block, of a file that did not pass. */
  findings: { rule: string; verdict: string; reason: string; message: string }[];
}

/** Delays between the attempts at one job. */
export const defaultBackoff: Readonly<Backoff> = { base: 5000, cap: 600_000 };
export const defaultAttempts = 6;

/** pg-boss's own backoff, set up as backoffDelay would wait: doubling, capped, with jitter. Whole seconds. */
export function retryOptions(
  attempts: number,
  { base, cap }: Backoff,
): { retryLimit: number; retryDelay: number; retryBackoff: true; retryDelayMax: number } {
  const retryDelay = Math.max(1, Math.round(base / 1000));
  const retryDelayMax = Math.max(retryDelay, Math.round(cap / 1000));
  return { retryLimit: attempts - 1, retryDelay, retryBackoff: true, retryDelayMax };
}
