import { plainCause } from "../../atlas/http/redact.ts";
import { abortError, MediaPreflightError } from "../../errors.ts";
import { StorageError } from "../error.ts";

/** Keys of a bucket. */
export interface S3Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  /** When they expire, if they do; the name that the AWS SDK's providers use. */
  expiration?: Date | undefined;
}

/** Keys, or a function that fetches them: once, and again when they are about to expire. */
export type S3CredentialsSource = S3Credentials | (() => S3Credentials | Promise<S3Credentials>);

/** Milliseconds in which a function has to return the credentials. */
const fetchDeadline = 30_000;
/** Credentials that expire within this are fetched again before a request. */
const refreshMargin = 300_000;

/** The credentials in use. */
export interface CredentialsCache {
  /** @param atLeast milliseconds that they should still be valid: otherwise they are fetched again */
  get(signal: AbortSignal | null, atLeast?: number): Promise<S3Credentials>;
  /** Fetches them again with the next request. @returns whether that may help */
  forget(): boolean;
}

export function credentialsCache(source: S3CredentialsSource): CredentialsCache {
  if (typeof source !== "function") {
    const fixed = checkCredentials(source);
    return { get: async () => fixed, forget: () => false };
  }
  let known: S3Credentials | null = null;
  let fetching: Promise<S3Credentials> | null = null;
  const fetchOnce = (): Promise<S3Credentials> => {
    fetching ??= callSource(source)
      .then((fresh) => {
        known = fresh;
        return fresh;
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  };
  return {
    async get(signal, atLeast = refreshMargin) {
      if (known && lifetimeOf(known) > Math.max(atLeast, refreshMargin)) return known;
      return await orAborted(fetchOnce(), signal);
    },
    forget() {
      known = null;
      return true;
    },
  };
}

/** Milliseconds until the credentials expire; infinite if they do not. */
export function lifetimeOf({ expiration }: S3Credentials): number {
  return expiration ? expiration.getTime() - Date.now() : Number.POSITIVE_INFINITY;
}

async function callSource(source: () => S3Credentials | Promise<S3Credentials>): Promise<S3Credentials> {
  try {
    return checkCredentials(
      await orAborted(Promise.resolve().then(source), AbortSignal.timeout(fetchDeadline)),
    );
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw new StorageError("storage-denied", "credentials() failed: the bucket's keys could not be fetched", {
      cause: plainCause(cause, (text) => text),
      hint: "check what the function fetches them from",
    });
  }
}

/** Waits for a promise, or until the signal fires. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | null): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(abortError(signal));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function checkCredentials(given: S3Credentials): S3Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = given ?? {};
  const words = [accessKeyId, secretAccessKey, sessionToken ?? "x"];
  // A line end, from a file that holds the key, is the usual mistake; it would make an invalid header.
  if (!words.every((word) => typeof word === "string" && /^[\x21-\x7e]{1,8192}$/.test(word)))
    throw new StorageError("storage-denied", "the bucket's keys are missing, or not plain printable text", {
      hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (for temporary keys AWS_SESSION_TOKEN too)",
    });
  if (expiration !== undefined && !(expiration instanceof Date && Number.isFinite(expiration.getTime())))
    throw new MediaPreflightError("usage", "the credentials' expiration is not a valid Date");
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}
