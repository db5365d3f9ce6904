import { parentPort } from "node:worker_threads";
import { init, runBaseTests, setupEnvironment } from "vitest/worker";

/* The thread of mutation.pool.ts: Vitest's own worker, but that each run begins without the modules of the last one. */

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a thread");

type Listener = (message: unknown) => void;
const listening = new Set<Listener>();
let main: Listener | null = null;

init({
  post: (message) => port.postMessage(message),
  on: (listener: Listener) => {
    // The first is the worker's own; each run then brings one more, in place of the last run's.
    if (main === null) main = listener;
    else {
      for (const old of listening) port.off("message", old);
      listening.clear();
      listening.add(listener);
    }
    port.on("message", listener);
  },
  off: (listener: Listener) => void port.off("message", listener),
  runTests: (state, traces) => runBaseTests("run", state, traces),
  collectTests: (state, traces) => runBaseTests("collect", state, traces),
  setup: setupEnvironment,
  onModuleRunner: (runner) => {
    // What Stryker keeps: which mutant is on, and how often it was met.
    Reflect.deleteProperty(globalThis, "__stryker__");
    runner.evaluatedModules.idToModuleMap.forEach((node, path) => {
      if (/\/(@?vitest)(-virtual-\w+)?\/dist\//.test(path)) return;
      node.promise = undefined;
      node.exports = undefined;
      node.evaluated = false;
      node.importers.clear();
    });
  },
});
