/**
 * Coded errors: what could not be done. A problem with a file's content is never an error but a finding
 * (src/report/report.ts).
 */

/** Stable codes. The meaning, cause and cure of each are in src/report/explain/errors.ts. */
export type ErrorCode =
  // the call
  | "usage" // an invalid argument or option
  | "bad-table" // a rule table does not match its schema
  | "bad-config" // a configuration file does not match its schema
  | "refused" // the file did not pass: the report is on the error
  // reading
  | "not-found" // no such file
  | "unreadable" // the file, Blob or stream could not be read
  | "no-media" // a directory or a pattern without media
  | "changed" // the file changed while it was being read or sent
  | "path-refused" // the path is outside the folders that may be read
  | "url-refused" // the address may not be fetched (private, not http(s), …)
  | "git" // git could not be run, or failed
  // engines
  | "no-engine" // nothing that decodes and encodes media is installed
  | "engine-failed" // it could not decode or encode the file
  // waiting
  | "aborted" // the caller's signal
  | "timeout" // a deadline
  // the service
  | "no-key"
  | "network"
  | "unauthorized"
  | "payment-required"
  | "forbidden"
  | "not-found-upstream"
  | "too-large"
  | "invalid-request"
  | "unprocessable"
  | "rate-limited"
  | "legally-unavailable"
  | "server"
  | "protocol" // a response that the contract does not describe
  | "asset-failed" // the service set the asset to Failed
  | "asset-gone" // a recorded asset was deleted or trashed
  | "asset-mismatch" // a recorded asset could not be confirmed as this file's
  | "prediction-failed"
  | "outcome-unknown" // a request may or may not have taken effect
  // the user's bucket
  | "storage-denied" // the keys are wrong, expired or lack a permission
  | "storage-config" // no such bucket, or another region
  | "storage-mismatch" // the bucket has other bytes under a computed key
  // the ledger
  | "ledger-invalid"
  | "ledger-locked"
  | "ledger-unreachable" // its database does not answer
  // the build
  | "wasm-mismatch" // the MediaInfo WebAssembly is not the pinned one
  | "browser-key"; // an API key in a page without dangerouslyAllowBrowser

/** What a coded error says besides its message. */
export interface ErrorDetails {
  /** What to do next, one sentence. */
  hint?: string | null | undefined;
  /** Whether the same call may succeed later, unchanged. Default false. */
  retryable?: boolean | undefined;
  /** The file concerned, as the caller named it. The message ends with it: "no such file: clips/a.mp4". */
  path?: string | null | undefined;
  /** The URL concerned, without its query, which may be a secret (redactUrl). The message ends with it. */
  url?: string | null | undefined;
  /** HTTP status of the response, where there was one. */
  status?: number | null | undefined;
  /** The service's request id (`X-Request-ID`). */
  requestId?: string | null | undefined;
  /** The error that caused this one. */
  cause?: unknown;
}

/** Recognises errors of another copy of this package, where `instanceof` fails. */
const brand = Symbol.for("media-preflight.error");

/**
 * The base class of every error this package throws on purpose: `code` is stable, `message` says what failed and why,
 * `hint` what to do next.
 */
export class MediaPreflightError extends Error {
  override readonly name: string = "MediaPreflightError";
  readonly code: ErrorCode;
  /** The message without the path or URL, for output that names the file already. */
  readonly summary: string;
  readonly hint: string | null;
  /** Whether the same call may succeed later, unchanged. */
  readonly retryable: boolean;
  /** The file concerned, as the caller named it. */
  readonly path: string | null;
  /** The URL concerned, without its query. */
  readonly url: string | null;
  /** HTTP status of the response; null where there was none. */
  readonly status: number | null;
  /** The service's request id (`X-Request-ID`), which its support asks for. */
  readonly requestId: string | null;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(withSubject(message, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.summary = message;
    this.hint = details.hint ?? null;
    this.retryable = details.retryable ?? false;
    this.path = details.path ?? null;
    this.url = details.url ?? null;
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    Object.defineProperty(this, brand, { value: true });
  }

  /** What JSON output and logs keep: no stack and no cause, which may hold local paths. */
  toJSON(): ErrorJson {
    const { code, message, hint, retryable, path, url, status, requestId } = this;
    return { code, message, hint, retryable, path, url, status, requestId };
  }
}

/** A coded error as JSON. */
export interface ErrorJson {
  code: ErrorCode;
  message: string;
  hint: string | null;
  retryable: boolean;
  path: string | null;
  url: string | null;
  status: number | null;
  requestId: string | null;
}

/** Whether a caught value is a coded error of this package, from whichever copy of it. */
export function isMediaPreflightError(error: unknown): error is MediaPreflightError {
  return error instanceof MediaPreflightError || (error instanceof Error && brand in error);
}

function withSubject(message: string, { path, url }: ErrorDetails): string {
  const subject = path ?? url;
  return subject && !message.includes(subject) ? `${message}: ${subject}` : message;
}

/** Throws `aborted` (or the signal's own timeout) if the signal has fired. */
export function throwIfAborted(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

/** The coded error for a fired signal. */
export function abortError(signal: AbortSignal): MediaPreflightError {
  const timeout = (signal.reason as { name?: unknown } | undefined)?.name === "TimeoutError";
  return timeout
    ? new MediaPreflightError("timeout", "the deadline passed", { cause: signal.reason, retryable: true })
    : new MediaPreflightError("aborted", "interrupted", { cause: signal.reason });
}
