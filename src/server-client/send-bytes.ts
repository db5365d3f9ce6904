import type { Progress } from "../atlas/types.ts";
import { abortError, MediaPreflightError, throwIfAborted } from "../errors.ts";
import { answerOf, errorOf, parsed } from "./response.ts";

/** Bytes to send to the handler. */
export interface ByteUpload {
  url: string;
  blob: Blob;
  headers: Record<string, string>;
  credentials: "omit" | "same-origin" | "include";
  /** If given, it is used even if XMLHttpRequest would report more progress. */
  fetch: typeof globalThis.fetch | undefined;
  onProgress: ((progress: Progress) => void) | undefined;
  signal: AbortSignal | null;
}

/** The handler's answer to bytes. */
export interface UploadAnswer {
  upload: Readonly<Record<string, unknown>> & { id: string };
}

/**
 * Sends bytes to the handler. They are sent twice, to the server and from there to the service: each is half of the
 * progress.
 * @throws MediaPreflightError
 */
export async function sendBytes(upload: ByteUpload): Promise<UploadAnswer> {
  throwIfAborted(upload.signal);
  const total = upload.blob.size;
  let last = -1;
  const half = (leg: 0 | 1, loaded: number): void => {
    const now = Math.floor((leg * total + Math.min(loaded, total)) / 2);
    if (now <= last) return;
    last = now;
    upload.onProgress?.({ phase: "upload", loaded: now, total });
  };
  const lines = new AnswerLines((loaded) => half(1, loaded));
  half(0, 0);
  const useXhr = upload.fetch === undefined && typeof XMLHttpRequest === "function";
  const status = await (useXhr ? byXhr(upload, half, lines) : byFetch(upload, half, lines));
  const answer = lines.end(status) as Partial<UploadAnswer> | null;
  if (typeof answer?.upload?.id !== "string" || !/^[\w-]+$/.test(answer.upload.id)) {
    throw new MediaPreflightError("protocol", "the server answered without an upload", {
      hint: "is the endpoint that of media-preflight/server?",
    });
  }
  half(1, total);
  return answer as UploadAnswer;
}

/** Only XMLHttpRequest reports the progress of a request's body in every browser. */
function byXhr(
  { url, blob, headers, credentials, signal }: ByteUpload,
  half: (leg: 0 | 1, loaded: number) => void,
  lines: AnswerLines,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const stop = (): void => xhr.abort();
    const fail = (): void => {
      reject(signal?.aborted ? abortError(signal) : lost());
    };
    xhr.open("POST", url);
    xhr.withCredentials = credentials === "include";
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => half(0, event.loaded);
    xhr.onprogress = () => lines.update(xhr.responseText);
    xhr.onload = () => {
      lines.update(xhr.responseText);
      resolve(xhr.status);
    };
    xhr.onerror = fail;
    xhr.onabort = fail;
    xhr.onloadend = () => signal?.removeEventListener("abort", stop);
    signal?.addEventListener("abort", stop, { once: true });
    xhr.send(blob);
  });
}

async function byFetch(
  { url, blob, headers, credentials, fetch: given, signal }: ByteUpload,
  half: (leg: 0 | 1, loaded: number) => void,
  lines: AnswerLines,
): Promise<number> {
  try {
    const send = given ?? fetch;
    const response = await send(url, { method: "POST", headers, body: blob, credentials, signal });
    half(0, blob.size);
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return response.status;
      lines.add(decoder.decode(value, { stream: true }));
    }
  } catch (error) {
    throwIfAborted(signal);
    throw lost(error);
  }
}

/** Nothing is registered yet: the bytes can be sent again. */
const lost = (cause?: unknown): MediaPreflightError =>
  new MediaPreflightError("network", "the connection to the server broke", {
    cause,
    retryable: true,
    hint: "try again",
  });

/** Newline-delimited JSON as it arrives: progress, then the result or an error. */
class AnswerLines {
  #text = "";
  #read = 0;
  #last: unknown = null;
  readonly #onLoaded: (loaded: number) => void;

  constructor(onLoaded: (loaded: number) => void) {
    this.#onLoaded = onLoaded;
  }

  /** More of the answer. */
  add(text: string): void {
    this.update(this.#text + text);
  }

  /** All of the answer so far. */
  update(text: string): void {
    this.#text = text;
    for (let end = text.indexOf("\n", this.#read); end >= 0; end = text.indexOf("\n", this.#read)) {
      this.#line(text.slice(this.#read, end));
      this.#read = end + 1;
    }
  }

  /** The result. @throws ServerClientError */
  end(status: number): unknown {
    if (status !== 200) return answerOf(status, this.#text);
    this.#line(this.#text.slice(this.#read));
    const last = this.#last as { result?: unknown; error?: unknown } | null;
    if (last?.result !== undefined) return last.result;
    if (last?.error !== undefined) throw errorOf(502, last);
    throw lost();
  }

  #line(line: string): void {
    const value = parsed(line);
    if (value === null) return;
    const { progress } = value as { progress?: { phase?: unknown; loaded?: unknown } };
    if (!progress) this.#last = value;
    if (progress?.phase === "upload" && typeof progress.loaded === "number") this.#onLoaded(progress.loaded);
  }
}
