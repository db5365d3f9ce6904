// A thread that speaks the protocol, and reports what it was started with. A file of 13 bytes makes it exit.
import { parentPort, resourceLimits } from "node:worker_threads";

parentPort.on("message", ({ op, id, size }) => {
  if (op === "start") parentPort.postMessage({ op: "ready" });
  else {
    if (size === 13) process.exit(1);
    console.log("a library's own output");
    console.error("a library's own output");
    const channels = process.argv.length + process.execArgv.length;
    const libraryReading = { channels, sampleRate: resourceLimits.maxOldGenerationSizeMb };
    parentPort.postMessage({ op: "answer", id, libraryReading });
  }
});
