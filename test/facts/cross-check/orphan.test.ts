import { fork } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

test("a cross-check process whose parent has ended kills itself: process.exit() could hang while WebAssembly compiles", async () => {
  const entry = new URL("../../../src/facts/cross-check/worker.node.ts", import.meta.url);
  const child = fork(entry, { serialization: "advanced", stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const exited = once(child, "exit");
  child.disconnect();
  expect(await exited).toEqual([null, "SIGKILL"]);
});
