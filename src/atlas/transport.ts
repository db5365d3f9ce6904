import ky, { type Options } from "ky";
import { delay } from "../async/delay.ts";
import { redactText } from "../bytes/url/redact.ts";
import { throwIfAborted } from "../errors.ts";
import { type Call, Unfit } from "./call.ts";
import type { Host } from "./error.ts";
import { type CallResult, judgeAnswer, judgeFault } from "./outcome.ts";
import { keyScrubber, type Scrub } from "./redact.ts";
import { nextPause, type RetryPolicy } from "./retry.ts";

/** What a client is set up with. */
export interface Wire {
  baseUrls: Readonly<Record<Host, string>>;
  apiKey(): Promise<string>;
  fetch: typeof fetch | undefined;
  /** Milliseconds without any progress after which one try is given up. */
  timeout: { json: number; upload: number };
  retry: RetryPolicy;
}

/** Sends a call, and again where the policy says so. @throws AtlasError */
export async function send<T>(wire: Wire, call: Call<T>): Promise<T> {
  const begun = performance.now();
  for (let attempt = 1; ; attempt++) {
    const result = await once(wire, call);
    if ("value" in result) return result.value;
    const wait = nextPause(
      {
        attempt,
        retryable: result.error.retryable,
        repeatable: call.repeatable,
        elapsed: performance.now() - begun,
        retryAfter: result.retryAfter,
      },
      wire.retry,
      Math.random(),
    );
    if (wait === null) throw result.error;
    await delay(wait, call.signal);
  }
}

async function once<T>(wire: Wire, call: Call<T>): Promise<CallResult<T>> {
  throwIfAborted(call.signal);
  const key = await wire.apiKey();
  const hideKey = keyScrubber(key, 4);
  const scrub: Scrub = (text) => hideKey(redactText(text));
  const idle = new IdleTimer(
    call.upload ? wire.timeout.upload : wire.timeout.json,
    call.upload?.fileBytes ?? 0,
  );
  const signal = call.signal ? AbortSignal.any([call.signal, idle.signal]) : idle.signal;
  try {
    const response = await ky(wire.baseUrls[call.host] + call.path, options(wire, call, key, signal, idle));
    // A server that repeats the key does not get it any further; a short one ("test") may be data.
    const text = keyScrubber(key, 12)(await readText(response, idle));
    return judgeAnswer(call, response, text, scrub);
  } catch (cause) {
    return {
      error: judgeFault(call, cause, idle.signal.aborted ? idle.milliseconds : null, scrub),
      retryAfter: null,
    };
  } finally {
    idle.stop();
  }
}

function options(
  wire: Wire,
  call: Call<unknown>,
  key: string,
  signal: AbortSignal,
  idle: IdleTimer,
): Options {
  const headers: Record<string, string> = { accept: "application/json", authorization: `Bearer ${key}` };
  // A connection that is used again could answer this call with a late second answer to the one before.
  if (inNode) headers.connection = "close";
  const shared: Options = {
    method: call.method,
    headers,
    signal,
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    credentials: "omit",
    cache: "no-store",
    // A redirect would carry the key elsewhere.
    redirect: "manual",
    ...(wire.fetch && { fetch: wire.fetch }),
    ...(call.query && { searchParams: { ...call.query } }),
  };
  if (call.json !== undefined) return { ...shared, json: call.json };
  if (!call.upload) return shared;
  const { body, headBytes, fileBytes, onSent } = call.upload;
  // Without a window and with redirects an error, Node's fetch keeps no second copy of the body.
  const flat: Options = { ...shared, body, window: null, redirect: "error" };
  if (!inNode) return flat;
  // The length is known: a chunked body is refused by some proxies.
  headers["content-length"] = String(body.size);
  return {
    ...flat,
    onUploadProgress: ({ transferredBytes }) => {
      idle.touch();
      onSent(Math.max(0, Math.min(fileBytes, transferredBytes - headBytes)));
    },
  };
}

/** Node's fetch streams request bodies over any HTTP version; a browser's only over HTTP/2, and not all do. */
const inNode: boolean =
  typeof (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === "string";

/** Fires when nothing has moved for a while. Where progress cannot be seen, the time grows with the size. */
class IdleTimer {
  readonly milliseconds: number;
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(milliseconds: number, unseenBytes: number) {
    const slowestBytesPerMs = 16;
    this.milliseconds = milliseconds + (inNode ? 0 : unseenBytes / slowestBytesPerMs);
    this.touch();
  }
  get signal(): AbortSignal {
    return this.#controller.signal;
  }
  touch(): void {
    clearTimeout(this.#timer);
    // Progress of an upload may still be told after its answer: a timer then would hold the process for nothing.
    if (!this.#stopped) this.#timer = setTimeout(() => this.#controller.abort(), this.milliseconds);
  }
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}

const largestAnswer = 16 * 1024 * 1024;

async function readText(response: Response, idle: IdleTimer): Promise<string> {
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    idle.touch();
    bytes += value.byteLength;
    if (bytes > largestAnswer) {
      await reader.cancel();
      throw new Unfit("an answer of more than 16 MB");
    }
    text += decoder.decode(value, { stream: true });
  }
}
