import { parentPort } from "node:worker_threads";
import { verifiedWasmPath } from "../../../wasm/locate.node.ts";
import type { ToWorker } from "./worker-protocol.ts";
import { serve } from "./worker-server.ts";

const surroundings = (wasm: string | null) => ({ wasm: () => verifiedWasmPath(wasm) });

/* The entry of a thread, or of a process: whichever started it. */
const port = parentPort;
if (port) {
  const receive = serve((message) => port.postMessage(message), surroundings);
  port.on("message", (message: ToWorker) => receive(message));
} else if (process.send) {
  // MediaInfo's loader takes process.argv for its own.
  process.argv.length = 2;
  const receive = serve((message) => void process.send?.(message), surroundings);
  process.on("message", (message) => receive(message as ToWorker));
  // Its parent is gone, however it ended.
  process.on("disconnect", () => process.exit());
}
