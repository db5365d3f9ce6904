// A thread that speaks the protocol, and says what it was started with. Of a file of 13 bytes it ends itself.
import { parentPort, resourceLimits } from "node:worker_threads";

parentPort.on("message", ({ op, id, size }) => {
  if (op === "start") parentPort.postMessage({ op: "ready" });
  else {
    if (size === 13) process.exit(1);
    console.log("a crossCheck's own words");
    console.error("a crossCheck's own words");
    const channels = process.argv.length + process.execArgv.length;
    const libraryReading = { channels, sampleRate: resourceLimits.maxOldGenerationSizeMb };
    parentPort.postMessage({ op: "answer", id, libraryReading });
  }
});
