/**
 * Coded errors: what could not be done. What is wrong with a file is never an error but a finding
 * (src/report/report.ts).
 */

/** Stable codes. A new one is added here, and its meaning, cause and cure in src/report/explain/errors.ts. */
export type ErrorCode =
  // the call
  | "usage" // an argument or option makes no sense
  | "bad-table" // a rule table breaks its schema
  | "bad-config" // a configuration file breaks its schema
  | "refused" // the file did not pass: the report is on the error
  // reading
  | "not-found" // no such file
  | "unreadable" // the file, Blob or stream could not be read
  | "no-media" // a directory or a pattern without media
  | "changed" // the file changed while it was being handled
  | "url-refused" // the address may not be fetched (private, not http(s), …)
  | "git" // git could not be asked
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
  | "protocol" // an answer that the contract does not know
  | "asset-failed" // the service judged the asset Failed
  | "asset-gone" // a recorded asset is gone or trashed
  | "prediction-failed"
  | "outcome-unknown" // a request may or may not have taken effect
  // the ledger
  | "ledger-invalid"
  | "ledger-locked"
  // the build
  | "wasm-mismatch" // the MediaInfo WebAssembly is not the pinned one
  | "browser-key"; // an API key in a page without dangerouslyAllowBrowser

/** What a coded error says besides its message. */
export interface ErrorDetails {
  /** What to do next, one sentence. */
  hint?: string;
  /** Whether the same call may succeed later, unchanged. */
  retryable?: boolean;
  cause?: unknown;
}

/** The one error class of this package; `code` is stable, `message` says what and why, `hint` what next. */
export class MediaPreflightError extends Error {
  override readonly name: string = "MediaPreflightError";
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? null;
    this.retryable = details.retryable ?? false;
  }
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
    : new MediaPreflightError("aborted", "stopped by the caller", { cause: signal.reason });
}
