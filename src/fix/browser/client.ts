import { abortError, MediaPreflightError, throwIfAborted } from "../../errors.ts";
import type { FixAnswers, FixMessage, FixRequest } from "./protocol.ts";

/** Milliseconds that a Worker may take to start: its script is loaded from the page's own site. */
const startup = 30_000;

export interface FixWorkerOptions {
  /** The Worker's script; default: fix-worker.js beside this module. */
  url?: string | URL | undefined;
  signal?: AbortSignal | null | undefined;
  /** Milliseconds for all requests together. */
  deadline: number;
}

/** A Worker that converts media; `end` terminates it. */
export interface FixWorker {
  ask<Op extends FixRequest["op"]>(
    request: FixRequest & { op: Op },
    onProgress?: (done: number) => void,
  ): Promise<FixAnswers[Op]>;
  end(): void;
}

/** Starts a Worker. Its `ask` throws `no-engine`, `engine-failed`, `aborted` or `timeout`. */
export function startFixWorker({ url, signal, deadline }: FixWorkerOptions): FixWorker {
  throwIfAborted(signal);
  const worker = create(url ?? defaultWorkerUrl());
  let isReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  let fail: (error: MediaPreflightError) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    fail = reject;
  });
  ended.catch(() => undefined);
  let receive: (message: FixMessage) => void = () => undefined;
  const workerFailed = (): void => fail(notStarted(null));
  worker.addEventListener("message", ({ data }: MessageEvent<FixMessage>) => {
    if (data.op === "ready") isReady();
    else receive(data);
  });
  worker.addEventListener("error", workerFailed);
  const aborted = (): void => {
    if (signal) fail(abortError(signal));
  };
  signal?.addEventListener("abort", aborted, { once: true });
  const starting = setTimeout(workerFailed, startup);
  ready.then(() => clearTimeout(starting));
  const running = setTimeout(() => {
    fail(new MediaPreflightError("timeout", "the deadline passed", { retryable: true }));
  }, deadline);
  return {
    async ask(request, onProgress) {
      await Promise.race([ready, ended]);
      const answered = new Promise<FixAnswers[typeof request.op]>((resolve, reject) => {
        receive = (message) => {
          if (message.op === "progress") onProgress?.(message.done);
          else if (message.op === "done") resolve(message.answer as FixAnswers[typeof request.op]);
          else if (message.op === "failed") reject(errorOf(message));
        };
      });
      worker.postMessage(request);
      return await Promise.race([answered, ended]);
    },
    end() {
      clearTimeout(starting);
      clearTimeout(running);
      signal?.removeEventListener("abort", aborted);
      worker.terminate();
    },
  };
}

/**
 * Not `new URL("…", import.meta.url)`: bundlers would bundle the Worker too, and some of them fail at the optional
 * packages that it imports.
 */
const defaultWorkerUrl = (): string => import.meta.url.replace(/[^/]*$/, "fix-worker.js");

/** @throws MediaPreflightError `no-engine` if the address is not on the page's own site */
function create(url: string | URL): Worker {
  try {
    return new Worker(url, { type: "module" });
  } catch (cause) {
    throw notStarted(cause);
  }
}

function notStarted(cause: unknown): MediaPreflightError {
  return new MediaPreflightError("no-engine", "the worker that converts media did not start", {
    cause,
    hint: "bundle media-preflight/fix-worker with mediabunny and give its address as workerUrl",
  });
}

function errorOf({ code, message, hint, retryable }: FixMessage & { op: "failed" }): MediaPreflightError {
  return new MediaPreflightError(code, message, { hint, retryable });
}
