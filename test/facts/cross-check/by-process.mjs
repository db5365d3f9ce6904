// A process that speaks the protocol. Of a file of 13 bytes it dies, of one of 15 it never comes back; of any other it
// answers with its number, where it was started as it should be and was given bytes as bytes.
process.on("message", ({ op, id, size, bytes }) => {
  if (op === "start") process.send({ op: "ready" });
  else if (op === "analyse") {
    if (size === 13) process.exit(1);
    console.log("a crossCheck's own words");
    process.send({ op: "read", id, offset: 0, length: size });
  } else {
    if (bytes.length === 15) for (;;);
    const isRight = process.execArgv.includes("--max-old-space-size=256") && bytes instanceof Uint8Array;
    process.send({ op: "answer", id, libraryReading: { duration: isRight ? process.pid : -1 } });
  }
});
process.on("disconnect", () => process.exit());
