import { abortError, MediaPreflightError } from "../errors.ts";
import { plainCause } from "./redact.ts";

/** The key, or a function that fetches it before each request. */
export type ApiKey = string | (() => string | Promise<string>);

/** Milliseconds in which a callback has to deliver the key. */
const callbackDeadline = 30_000;

/**
 * The key as it goes into the header: visible ASCII only, because fetch quotes an invalid header, and so the key, in
 * its error.
 * @throws MediaPreflightError `no-key`
 */
export function validKey(key: unknown): string {
  const trimmed = typeof key === "string" ? key.trim() : "";
  if (trimmed === "")
    throw noKey("there is no API key", "create one in the service's console and set ATLASCLOUD_API_KEY");
  if (/^["'`“”‘’«]|["'`“”‘’»]$/.test(trimmed))
    throw noKey("the API key is in quotation marks", "set ATLASCLOUD_API_KEY without them");
  if (/^bearer\s/i.test(trimmed))
    throw noKey("the API key begins with “Bearer”", "give the key alone; the client adds the word");
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw noKey("the API key contains spaces or characters that no key has", "copy it again");
  return trimmed;
}

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
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () =>
      reject(signal?.aborted ? abortError(signal) : noKey("apiKey() did not answer in 30 s", retryHint));
    either.addEventListener("abort", onAbort, { once: true });
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
    if (onAbort) either.removeEventListener("abort", onAbort);
  }
}

const retryHint = "check what the function fetches the key from";

function noKey(message: string, hint: string): MediaPreflightError {
  return new MediaPreflightError("no-key", message, { hint });
}
