// A process that speaks the protocol. A file of 13 bytes makes it exit, one of 15 makes it loop for ever; for any other
// it answers with its process id, if it was started with the right arguments and got bytes as bytes.
process.on("message", ({ op, id, size, bytes }) => {
  if (op === "start") process.send({ op: "ready" });
  else if (op === "analyse") {
    if (size === 13) process.exit(1);
    console.log("a library's own output");
    process.send({ op: "read", id, offset: 0, length: size });
  } else {
    if (bytes.length === 15) for (;;);
    const isRight = process.execArgv.includes("--max-old-space-size=256") && bytes instanceof Uint8Array;
    process.send({ op: "answer", id, libraryReading: { duration: isRight ? process.pid : -1 } });
  }
});
process.on("disconnect", () => process.exit());
