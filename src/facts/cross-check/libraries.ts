import { answer, type LibraryImport } from "./answer.ts";
import { browserEnvironment } from "./browser-environment.ts";
import type { Ask, LibraryName } from "./library-reading.ts";
import type { RunCrossCheck } from "./policy.ts";
import { consultWith } from "./run.ts";
import { askInWorker, type Start, workerLimits } from "./worker-client.ts";
import type { FromWorker } from "./worker-protocol.ts";

export interface BrowserCrossCheckOptions {
  /** Where the page's own site serves MediaInfoModule.wasm; without it MediaInfo is not asked. */
  wasmUrl?: string | URL | null;
  /** Where the page's own site serves this package's worker; without it cross-check library run in the page. */
  workerUrl?: string | URL | null;
  /** Milliseconds that a cross-check library may compute on one file, in a worker. */
  timeout?: number;
  /** Instead of the imports of the libraries; then everything runs in this thread. */
  load?: LibraryImport;
}

/** CrossCheckLibraries in a page: in a Worker if its address is given, else in the page with their read budgets. */
export function browserCrossCheck(options: BrowserCrossCheckOptions = {}): {
  consult: RunCrossCheck;
  end: () => void;
} {
  const { load, timeout } = options;
  const absolute = (url: string | URL): string => new URL(url, globalThis.location?.href).href;
  const wasm = options.wasmUrl ? absolute(options.wasmUrl) : null;
  const worker =
    options.workerUrl && !load
      ? askInWorker(startWorker(absolute(options.workerUrl)), wasm, {
          ...workerLimits,
          ...(timeout === undefined ? null : { timeout }),
        })
      : null;
  const ask: Ask = (name, question) =>
    worker && mayLoop(name)
      ? worker.ask(name, question)
      : answer(name, question, browserEnvironment(wasm), load);
  return { consult: consultWith(ask), end: () => worker?.end() };
}

const shared = new Map<string, RunCrossCheck>();

/** Calls with the same options share one consultation, and with it one worker. */
export function sharedConsult(options: BrowserCrossCheckOptions = {}): RunCrossCheck {
  if (options.load) return browserCrossCheck(options).consult;
  const key = JSON.stringify(options);
  const consult = shared.get(key) ?? browserCrossCheck(options).consult;
  shared.set(key, consult);
  return consult;
}

const mayLoop = (name: LibraryName): boolean => name === "mediainfo" || name === "music-metadata";

const startWorker =
  (url: string): Start =>
  (receive, lost) => {
    const worker = new Worker(url, { type: "module", name: "media-preflight crossCheck" });
    worker.addEventListener("message", (event: MessageEvent<FromWorker>) => receive(event.data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      lost(new Error(event.message || "its worker could not be started"));
    });
    return {
      post: (message) => worker.postMessage(message),
      end: () => worker.terminate(),
      hold: () => undefined,
    };
  };
