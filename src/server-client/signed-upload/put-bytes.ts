import { abortError, throwIfAborted } from "../../errors.ts";
import { ServerClientError } from "../error.ts";
import type { SignedPut } from "./answers.ts";

/** Bytes that are put into the bucket. */
export interface PutBytes {
  put: SignedPut;
  blob: Blob;
  /** If given, it is used even if XMLHttpRequest would report progress. */
  fetch: typeof globalThis.fetch | undefined;
  onLoaded(loaded: number): void;
  signal: AbortSignal | null;
}

/**
 * One attempt to put bytes by a signed request, without cookies and without any header but the signed ones.
 * @throws ServerClientError, `retryable` if another attempt may succeed
 */
export async function putBytes(bytes: PutBytes): Promise<void> {
  throwIfAborted(bytes.signal);
  const useXhr = bytes.fetch === undefined && typeof XMLHttpRequest === "function";
  const status = await (useXhr ? byXhr(bytes) : byFetch(bytes));
  if (status >= 200 && status < 300) return;
  throw refusal(status);
}

function byXhr({ put, blob, onLoaded, signal }: PutBytes): Promise<number> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const stop = (): void => xhr.abort();
    const fail = (): void => reject(signal?.aborted ? abortError(signal) : lost());
    xhr.open(put.method, put.url);
    for (const [name, value] of Object.entries(put.headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => onLoaded(event.loaded);
    xhr.onload = () => resolve(xhr.status);
    xhr.onerror = fail;
    xhr.onabort = fail;
    xhr.onloadend = () => signal?.removeEventListener("abort", stop);
    signal?.addEventListener("abort", stop, { once: true });
    xhr.send(blob);
  });
}

async function byFetch({ put, blob, fetch: given, signal }: PutBytes): Promise<number> {
  try {
    const { url, method, headers } = put;
    const send = given ?? fetch;
    const init = {
      method,
      headers: { ...headers },
      body: blob,
      credentials: "omit",
      redirect: "error",
      signal,
    };
    const response = await send(url, init as RequestInit);
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    throwIfAborted(signal);
    throw lost(error);
  }
}

function lost(cause?: unknown): ServerClientError {
  return new ServerClientError("network", "the connection to the bucket broke", {
    cause,
    retryable: true,
    hint: "try again; if it never works, the bucket's CORS settings may not allow this page",
  });
}

function refusal(status: number): ServerClientError {
  if (status === 403)
    // It expired, or the keys that signed it were changed: signed again it may succeed.
    return new ServerClientError("forbidden", "the bucket refused the signed upload", {
      status,
      retryable: true,
      hint: "try again; the server's log and media-preflight storage check say more",
    });
  if (status >= 500 || status === 429 || status === 408)
    return new ServerClientError("server", `the bucket answered ${status}`, { status, retryable: true });
  return new ServerClientError("changed", `the bucket refused the bytes (${status})`, {
    status,
    hint: "the file may have changed: choose it again",
  });
}
