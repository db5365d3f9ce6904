import { abortError, MediaPreflightError } from "../errors.ts";
import { type ApiKey, noKey, validKey } from "./api-key.ts";
import { plainCause } from "./http/redact.ts";

/** Milliseconds in which a callback has to return the key. */
const callbackDeadline = 30_000;

/**
 * The key for one request.
 * @throws MediaPreflightError `no-key` (also for a callback that throws, rejects or never ends), `aborted`, `timeout`
 */
export async function resolveKey(apiKey: ApiKey, signal: AbortSignal | null): Promise<string> {
  if (typeof apiKey !== "function") return validKey(apiKey);
  return validKey(await callKeyFunction(apiKey, signal));
}

async function callKeyFunction(
  apiKey: () => string | Promise<string>,
  signal: AbortSignal | null,
): Promise<string> {
  const deadline = AbortSignal.timeout(callbackDeadline);
  const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () =>
      reject(signal?.aborted ? abortError(signal) : noKey("apiKey() did not answer in 30 s", retryHint));
    ended.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([Promise.resolve().then(apiKey), aborted]);
  } catch (cause) {
    if (cause instanceof MediaPreflightError) throw cause;
    throw new MediaPreflightError("no-key", "apiKey() failed: the key could not be fetched", {
      cause: plainCause(cause, (text) => text),
      hint: retryHint,
    });
  } finally {
    if (onAbort) ended.removeEventListener("abort", onAbort);
  }
}

const retryHint = "check what the function fetches the key from";
