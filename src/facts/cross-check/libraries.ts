import { browserEnvironment } from "./browser-environment.ts";
import type { LibraryName, RunLibrary } from "./library-reading.ts";
import type { RunCrossCheck } from "./policy.ts";
import { type LibraryImport, readWithLibrary } from "./read-with-library.ts";
import { crossCheckWith } from "./run.ts";
import { LibraryWorker, type StartWorker, workerLimits } from "./worker-client.ts";
import type { FromWorker } from "./worker-protocol.ts";

export interface BrowserCrossCheckOptions {
  /** Where the page's own site serves MediaInfoModule.wasm; without it MediaInfo does not run. */
  wasmUrl?: string | URL | null;
  /** Where the page's own site serves this package's worker; without it libraries run in the page. */
  workerUrl?: string | URL | null;
  /** Milliseconds that a cross-check library may compute on one file, in a worker. */
  timeout?: number;
  /** Instead of the imports of the libraries; then everything runs in this thread. */
  load?: LibraryImport;
}

/** Cross-check libraries in a page: in a Worker if its address is given, else in the page. */
export function browserCrossCheck(options: BrowserCrossCheckOptions = {}): {
  run: RunCrossCheck;
  end: () => void;
} {
  const { load, timeout } = options;
  const absolute = (url: string | URL): string => new URL(url, globalThis.location?.href).href;
  const wasm = options.wasmUrl ? absolute(options.wasmUrl) : null;
  const worker =
    options.workerUrl && !load
      ? new LibraryWorker(startWorker(absolute(options.workerUrl)), wasm, {
          ...workerLimits,
          ...(timeout === undefined ? null : { timeout }),
        })
      : null;
  const runLibrary: RunLibrary = (name, input) =>
    worker && mayLoop(name)
      ? worker.run(name, input)
      : readWithLibrary(name, input, browserEnvironment(wasm), load);
  return { run: crossCheckWith(runLibrary), end: () => worker?.end() };
}

const shared = new Map<string, RunCrossCheck>();

/** Calls with the same options share one worker. */
export function sharedRun(options: BrowserCrossCheckOptions = {}): RunCrossCheck {
  if (options.load) return browserCrossCheck(options).run;
  const key = JSON.stringify(options);
  const crossCheck = shared.get(key) ?? browserCrossCheck(options).run;
  shared.set(key, crossCheck);
  return crossCheck;
}

const mayLoop = (name: LibraryName): boolean => name === "mediainfo" || name === "music-metadata";

const startWorker =
  (url: string): StartWorker =>
  (receive, onExit) => {
    const worker = new Worker(url, { type: "module", name: "media-preflight cross-check" });
    worker.addEventListener("message", (event: MessageEvent<FromWorker>) => receive(event.data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      onExit(new Error(event.message || "its worker could not be started"));
    });
    return {
      post: (message) => worker.postMessage(message),
      end: () => worker.terminate(),
      keepAlive: () => undefined,
    };
  };
