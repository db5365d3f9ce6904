// A worker that speaks the protocol and never comes back from a file of 13 bytes, once it has seen them.
import { parentPort } from "node:worker_threads";

let size = 0;
parentPort.on("message", (message) => {
  const { op, id } = message;
  if (op === "start") parentPort.postMessage({ op: "ready" });
  else if (op === "analyse") {
    size = message.size;
    parentPort.postMessage({ op: "read", id, offset: 0, length: 10 });
  } else {
    if (size === 13) for (;;);
    parentPort.postMessage({ op: "answer", id, libraryReading: { duration: 2 } });
  }
});
