import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fileLedger } from "../../../src/ledger/file/file-ledger.node.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { active, allEntries, at, put } from "../entries.ts";

const folder = temporaryFolder();
const path = (): string => folder.join("media-preflight.lock.json");

/** Runs `script` in a process of its own that prints "ready" and then waits to be killed. */
async function killedAfter(script: string): Promise<number> {
  const root = fileURLToPath(new URL("../../../src/ledger/", import.meta.url));
  const child = spawn(process.execPath, [
    "--input-type=module",
    "-e",
    script.replaceAll("SRC/", `file://${root}`),
  ]);
  let errors = "";
  child.stderr.on("data", (data) => {
    errors += data;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new Error(errors)));
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.removeAllListeners("exit");
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await Promise.race([gone, exited]);
  return child.pid as number;
}

describe("one ledger file and several processes", () => {
  const holds = (lockPath: string): string => `
    import { lock } from "SRC/file/lock.node.ts"; import { newOwner } from "SRC/file/owner.node.ts";
    await lock(${JSON.stringify(lockPath)}, { owner: newOwner() });
    console.log("ready"); setInterval(() => {}, 1000);`;

  it("the lock of a killed process is free at once", async () => {
    await killedAfter(holds(`${path()}.lock`));
    expect(await readdir(folder.path)).toEqual(["media-preflight.lock.json.lock"]);
    const start = performance.now();
    await put(fileLedger(path()), 1, active);
    // One that is not known to be dead is waited for two minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("writes of four processes are all present", async () => {
    const script = (first: number): string => `
      import { fileLedger } from "SRC/file/file-ledger.node.ts";
      const ledger = fileLedger(${JSON.stringify(path())});
      await Promise.all(Array.from({ length: 25 }, async (_, i) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
        const sha256 = (${first} + i).toString(16).padStart(64, "0");
        const claim = await ledger.claim({ sha256, type: "image", origin: "https://c.test", account: "default" }, null);
        await claim.record({ step: "active", at: "${at}", id: "1" });
        await claim.release();
      }));
      console.log("ready"); setInterval(() => {}, 1000);`;
    await Promise.all([0, 100, 200, 300].map((first) => killedAfter(script(first))));
    expect(await allEntries(fileLedger(path()))).toHaveLength(100);
  });
});
