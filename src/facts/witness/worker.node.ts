import { parentPort } from "node:worker_threads";
import { verifiedWasmPath } from "../../../wasm/locate.node.ts";
import type { ToWorker } from "./protocol.ts";
import { serve } from "./serve.ts";

const port = parentPort;
if (port) {
  const receive = serve(
    (message) => port.postMessage(message),
    (wasm) => ({ wasm: () => verifiedWasmPath(wasm) }),
  );
  port.on("message", (message: ToWorker) => receive(message));
}
