// A worker that speaks the protocol and never comes back from a file of 13 bytes.
import { parentPort } from "node:worker_threads";

parentPort.on("message", ({ op, id, size }) => {
  if (op === "start") parentPort.postMessage({ op: "ready" });
  else if (op === "analyse") {
    if (size === 13) for (;;);
    parentPort.postMessage({ op: "opinion", id, opinion: { duration: 2 } });
  }
});
