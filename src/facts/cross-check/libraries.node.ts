import { fork } from "node:child_process";
import { Worker } from "node:worker_threads";
import { verifiedWasmPath } from "../../../wasm/locate.node.ts";
import { fileBeside } from "../../../wasm/package-files.node.ts";
import { answer, type LibraryImport } from "./answer.ts";
import type { Ask } from "./library-reading.ts";
import type { RunCrossCheck } from "./policy.ts";
import { consultWith } from "./run.ts";
import { askInWorker, type Start, workerLimits } from "./worker-client.ts";
import type { FromWorker } from "./worker-protocol.ts";

export interface NodeCrossCheckOptions {
  /** The MediaInfo WebAssembly, where it is not that of the installed package. A path or a file: URL. */
  wasm?: string | URL | null;
  /** The worker's entry, where it does not lie beside this file (a bundle). */
  worker?: URL | null;
  /**
   * Where the cross-check libraries that may loop run: a thread of this process (default), or a process of their own, whose
   * memory, some 60 MB with MediaInfo's WebAssembly, does not count as this one's.
   */
  isolation?: "thread" | "process";
  /** Milliseconds that a cross-check library may compute on one file. */
  timeout?: number;
  /** Instead of the imports of the libraries; then everything runs in this thread. */
  load?: LibraryImport;
}

/** The worker's entry: a .js file in the library, an .mjs in the command line tool, a .ts in the sources. */
export function crossCheckWorker(): URL {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  return fileBeside(`worker.node${extension}`, import.meta.url);
}

/**
 * Cross-check libraries on Node.js: those that may loop on hostile bytes (MediaInfo, music-metadata) in one worker thread that does
 * not keep the process alive, the bounded ones in this thread.
 */
export function nodeCrossCheck(options: NodeCrossCheckOptions = {}): {
  consult: RunCrossCheck;
  end: () => void;
} {
  const { load, timeout } = options;
  const wasm = options.wasm ? String(options.wasm) : null;
  const entry = options.worker ?? crossCheckWorker();
  const start = options.isolation === "process" ? startProcess(entry) : startThread(entry);
  const worker = askInWorker(start, wasm, {
    ...workerLimits,
    ...(timeout === undefined ? null : { timeout }),
  });
  const ask: Ask = (name, question) =>
    load || name === "image-size" || name === "file-type"
      ? answer(name, question, { wasm: () => verifiedWasmPath(wasm) }, load)
      : worker.ask(name, question);
  return { consult: consultWith(ask), end: worker.end };
}

const startProcess =
  (entry: URL): Start =>
  (receive, lost) => {
    const child = fork(entry, {
      execArgv: ["--max-old-space-size=256"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const hold = (busy: boolean): void => {
      // An ended child has no channel any more.
      if (busy) child.channel?.ref();
      else child.channel?.unref();
    };
    child.unref();
    hold(false);
    child.on("message", (message) => receive(message as FromWorker));
    child.on("error", lost);
    child.on("exit", () => lost(new Error("its process ended")));
    return {
      post: (message) => {
        if (child.connected) child.send(message);
      },
      end: () => void child.kill("SIGKILL"),
      hold,
    };
  };

const startThread =
  (entry: URL): Start =>
  (receive, lost) => {
    // MediaInfo's loader takes process.argv for its own; a heap limit ends what runs away.
    const thread = new Worker(entry, {
      argv: [],
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 256 },
      stdout: true,
      stderr: true,
    });
    thread.unref();
    thread.on("message", (message: FromWorker) => receive(message));
    thread.on("error", (error) => lost(error instanceof Error ? error : new Error(String(error))));
    thread.on("exit", () => lost(new Error("its worker ended")));
    return {
      post: (message) => thread.postMessage(message),
      end: () => void thread.terminate(),
      hold: (busy) => (busy ? thread.ref() : thread.unref()),
    };
  };
