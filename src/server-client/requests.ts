import { backoffDelay } from "../async/backoff.ts";
import { delay } from "../async/delay.ts";
import { MediaPreflightError, throwIfAborted } from "../errors.ts";
import { ServerClientError } from "./error.ts";
import type { ServerClientOptions } from "./options.ts";
import { answerOf } from "./response.ts";

const maxAttempts = 4;
const retryBackoff = { base: 500, cap: 4000 };

/** Requests to the handler, with the user's headers and credentials. */
export interface ServerRequests {
  readonly endpoint: string;
  readonly credentials: NonNullable<ServerClientOptions["credentials"]>;
  /** Undefined: the global one. */
  readonly fetch: ServerClientOptions["fetch"];
  /** The user's headers at this moment. */
  headers(): Promise<Record<string, string>>;
  /** GETs JSON, with retries. `path` is relative to the endpoint. @throws MediaPreflightError */
  get(path: string, signal: AbortSignal | null | undefined): Promise<unknown>;
  /** POSTs JSON, with retries: only for what may be sent again after a lost answer. @throws MediaPreflightError */
  post(path: string, body: unknown, signal: AbortSignal | null | undefined): Promise<unknown>;
}

export function createRequests(endpoint: string, options: ServerClientOptions): ServerRequests {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);
  const credentials = options.credentials ?? "same-origin";
  const headers = async (): Promise<Record<string, string>> =>
    typeof options.headers === "function" ? options.headers() : { ...options.headers };

  async function sendOnce(
    path: string,
    init: RequestInit,
    signal: AbortSignal | null | undefined,
  ): Promise<unknown> {
    throwIfAborted(signal);
    const all = { ...(await headers()), accept: "application/json", ...(init.headers as object) };
    try {
      const response = await send(endpoint + path, {
        ...init,
        headers: all,
        credentials,
        signal: signal ?? null,
      });
      return answerOf(response.status, await response.text());
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof MediaPreflightError) throw error;
      throw new ServerClientError("network", "the connection to the server failed", {
        cause: error,
        retryable: true,
        outcome: "unknown",
      });
    }
  }

  return {
    endpoint,
    credentials,
    fetch: options.fetch,
    headers,
    get: (path, signal) => withRetries(() => sendOnce(path, { method: "GET" }, signal), signal),
    post: (path, body, signal) => withRetries(() => sendOnce(path, jsonInit(body), signal), signal),
  };
}

const jsonInit = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

async function withRetries(
  request: () => Promise<unknown>,
  signal: AbortSignal | null | undefined,
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const retry = error instanceof MediaPreflightError && error.retryable && attempt < maxAttempts;
      if (!retry) throw error;
      await delay(backoffDelay(attempt, retryBackoff), signal ?? null);
    }
  }
}
