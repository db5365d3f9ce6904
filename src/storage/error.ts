import { type ErrorCode, type ErrorDetails, isMediaPreflightError, MediaPreflightError } from "../errors.ts";

/** What a StorageError says besides its message. */
export interface StorageErrorDetails extends ErrorDetails {
  storageCode?: string | null | undefined;
  key?: string | null | undefined;
  hostUnreachable?: boolean | undefined;
  retryAfter?: number | null | undefined;
}

/** A request to the user's bucket that failed. Neither credentials nor a signature is ever on it. */
export class StorageError extends MediaPreflightError {
  override readonly name: string = "StorageError";
  /** The bucket's own code, such as "AccessDenied"; null if it gave none. */
  readonly storageCode: string | null;
  /** The object concerned, if known. */
  readonly key: string | null;
  /** Whether no attempt could reach the bucket's host: the next file would fail in the same way. */
  readonly hostUnreachable: boolean;
  /** `Retry-After` in milliseconds; null if the answer had none. */
  readonly retryAfter: number | null;

  constructor(code: ErrorCode, message: string, details: StorageErrorDetails = {}) {
    super(code, message, details);
    this.storageCode = details.storageCode ?? null;
    this.key = details.key ?? null;
    this.hostUnreachable = details.hostUnreachable ?? false;
    this.retryAfter = details.retryAfter ?? null;
  }
}

/** Whether a caught value is an error of the user's bucket, from whichever copy of this package. */
export function isStorageError(error: unknown): error is StorageError {
  return isMediaPreflightError(error) && error.name === "StorageError";
}
