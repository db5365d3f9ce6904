import { parentPort } from "node:worker_threads";
import { verifiedWasmPath } from "../../../wasm/locate.node.ts";
import type { ToWorker } from "./worker-protocol.ts";
import { serve } from "./worker-server.ts";

const environmentFor = (wasm: string | null) => ({ wasm: () => verifiedWasmPath(wasm) });

/* The script of a worker thread or of a child process. */
const port = parentPort;
if (port) {
  const receive = serve((message) => port.postMessage(message), environmentFor);
  port.on("message", (message: ToWorker) => receive(message));
} else if (process.send) {
  // MediaInfo's loader reads process.argv as its own arguments.
  process.argv.length = 2;
  const receive = serve((message) => void process.send?.(message), environmentFor);
  process.on("message", (message) => receive(message as ToWorker));
  // Its parent process has exited. process.exit() can wait forever for a thread that compiles WebAssembly (seen in Node
  // 24.21): the process stayed. There is nothing to finish.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
}
