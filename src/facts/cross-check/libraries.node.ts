import { fork } from "node:child_process";
import { Worker } from "node:worker_threads";
import { verifiedWasmPath } from "../../../wasm/locate.node.ts";
import { fileBeside } from "../../../wasm/package-files.node.ts";
import type { RunLibrary } from "./library-reading.ts";
import type { RunCrossCheck } from "./policy.ts";
import { type LibraryImport, readWithLibrary } from "./read-with-library.ts";
import { crossCheckWith } from "./run.ts";
import { LibraryWorker, type StartWorker, workerLimits } from "./worker-client.ts";
import type { FromWorker } from "./worker-protocol.ts";

export interface NodeCrossCheckOptions {
  /** A path or a file: URL of the MediaInfo WebAssembly, instead of the installed package's. */
  wasm?: string | URL | null;
  /** The worker's script, if it is not beside this file (in a bundle). */
  worker?: URL | null;
  /**
   * Where libraries run that may loop: in a thread of this process (default), or in a separate process, whose memory
   * (some 60 MB with MediaInfo's WebAssembly) does not count as this process's.
   */
  isolation?: "thread" | "process";
  /** Milliseconds that a cross-check library may compute on one file. */
  timeout?: number;
  /** Instead of the imports of the libraries; then everything runs in this thread. */
  load?: LibraryImport;
}

/** The worker's script: .js in the library and the command line tool, .ts in the sources. */
export function crossCheckWorker(): URL {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  return fileBeside(`worker.node${extension}`, import.meta.url);
}

/**
 * Cross-check libraries on Node.js: those that may loop on hostile bytes (MediaInfo, music-metadata) run in one worker
 * that does not keep the process alive, the others in this thread.
 */
export function nodeCrossCheck(options: NodeCrossCheckOptions = {}): {
  run: RunCrossCheck;
  end: () => void;
} {
  const { load, timeout } = options;
  const wasm = options.wasm ? String(options.wasm) : null;
  const entry = options.worker ?? crossCheckWorker();
  const start = options.isolation === "process" ? startProcess(entry) : startThread(entry);
  const worker = new LibraryWorker(start, wasm, {
    ...workerLimits,
    ...(timeout === undefined ? null : { timeout }),
  });
  const runLibrary: RunLibrary = (name, input) =>
    load || name === "image-size" || name === "file-type"
      ? readWithLibrary(name, input, { wasm: () => verifiedWasmPath(wasm) }, load)
      : worker.run(name, input);
  return { run: crossCheckWith(runLibrary), end: () => worker.end() };
}

const startProcess =
  (entry: URL): StartWorker =>
  (receive, onExit) => {
    const child = fork(entry, {
      execArgv: ["--max-old-space-size=256"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const keepAlive = (busy: boolean): void => {
      // A process that has exited has no channel.
      if (busy) child.channel?.ref();
      else child.channel?.unref();
    };
    child.unref();
    keepAlive(false);
    child.on("message", (message) => receive(message as FromWorker));
    child.on("error", onExit);
    child.on("exit", () => onExit(new Error("its process ended")));
    return {
      post: (message) => {
        if (child.connected) child.send(message);
      },
      end: () => void child.kill("SIGKILL"),
      keepAlive: keepAlive,
    };
  };

const startThread =
  (entry: URL): StartWorker =>
  (receive, onExit) => {
    // MediaInfo's loader reads process.argv as its own arguments; the heap limit ends a library that allocates too much.
    const thread = new Worker(entry, {
      argv: [],
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 256 },
      stdout: true,
      stderr: true,
    });
    thread.unref();
    thread.on("message", (message: FromWorker) => receive(message));
    thread.on("error", (error) => onExit(error instanceof Error ? error : new Error(String(error))));
    thread.on("exit", () => onExit(new Error("its worker ended")));
    return {
      post: (message) => thread.postMessage(message),
      end: () => void thread.terminate(),
      keepAlive: (busy) => (busy ? thread.ref() : thread.unref()),
    };
  };
