import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EntryKey, Progressed } from "../../src/pipeline/ledger/entry.ts";
import { fileLedger } from "../../src/pipeline/ledger/file.node.ts";
import { lock } from "../../src/pipeline/ledger/lock.node.ts";
import { newOwner, retire } from "../../src/pipeline/ledger/owner.node.ts";

const at = "2026-11-22T10:00:00.000Z";
const sha = (n: number): string => n.toString(16).padStart(64, "0");
const key = (n: number, more: Partial<EntryKey> = {}): EntryKey =>
  ({
    sha256: sha(n),
    type: "image",
    origin: "https://console.test",
    account: "default",
    ...more,
  }) as EntryKey;
const active: Progressed = { step: "active", at, id: "7", uri: "asset://asset-7" };

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ledger-"));
  path = join(directory, "media-preflight.lock.json");
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(directory, { recursive: true, force: true });
});

async function put(ledger: ReturnType<typeof fileLedger>, n: number, step: Progressed): Promise<void> {
  const claim = await ledger.claim(key(n), `f${n}.png`);
  await claim.record(step);
  await claim.release();
}

/** Runs `script` in a process of its own that prints "ready" and then waits to be killed. */
async function killedAfter(script: string): Promise<number> {
  const root = fileURLToPath(new URL("../../src/pipeline/ledger/", import.meta.url));
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

describe("locks", () => {
  const holds = (lockPath: string): string => `
    import { lock } from "SRC/lock.node.ts"; import { newOwner } from "SRC/owner.node.ts";
    await lock(${JSON.stringify(lockPath)}, { owner: newOwner() });
    console.log("ready"); setInterval(() => {}, 1000);`;

  it("of a killed process are free at once", async () => {
    await killedAfter(holds(`${path}.lock`));
    expect(await readdir(directory)).toEqual(["media-preflight.lock.json.lock"]);
    const start = performance.now();
    await put(fileLedger(path), 1, active);
    // One that is not known to be dead is waited for two minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("of a dead process whose id another one has by now are free too", async () => {
    const stranger = { ...newOwner(), pid: process.ppid, started: "0:1", nonce: "0-gone" };
    await writeFile(`${path}.lock`, JSON.stringify(stranger));
    const release = await lock(`${path}.lock`, { owner: newOwner(), deadline: 200 });
    await release();
  });

  it("of the living are waited for, with a word after a second, up to the deadline", async () => {
    const owner = newOwner();
    const release = await lock(`${path}.lock`, { owner });
    vi.useFakeTimers({ toFake: ["Date"] });
    const start = Date.now();
    const words: string[] = [];
    const waiting = lock(`${path}.lock`, { owner: newOwner(), onWait: (word) => words.push(word) });
    waiting.catch(() => {});
    vi.setSystemTime(start + 1001);
    await expect
      .poll(() => words, { interval: 5 })
      .toEqual([`waiting for process ${process.pid} on ${owner.host}, which holds the ledger`]);
    vi.setSystemTime(start + 150_000);
    await new Promise((resolve) => setTimeout(resolve, 60));
    vi.setSystemTime(start + 150_001);
    await expect(waiting).rejects.toMatchObject({
      code: "ledger-locked",
      message: `process ${process.pid} on ${owner.host} holds the ledger`,
      hint: `if nothing is running there, delete ${path}.lock`,
      retryable: true,
    });
    expect(words).toHaveLength(1);
    await release();
  });

  it("that are given back within a second are waited for without a word, to the end of any deadline", async () => {
    const release = await lock(`${path}.lock`, { owner: newOwner() });
    vi.useFakeTimers({ toFake: ["Date"] });
    const words: string[] = [];
    const waiting = lock(`${path}.lock`, {
      owner: newOwner(),
      deadline: 0,
      onWait: (word) => words.push(word),
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    await release();
    await (await waiting)();
    expect(words).toEqual([]);
  });

  it("end with the caller's signal while they are waited for", async () => {
    const release = await lock(`${path}.lock`, { owner: newOwner() });
    const stop = new AbortController();
    const waiting = lock(`${path}.lock`, { owner: newOwner(), signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    await release();
    expect(await readdir(directory)).toEqual([]);
  });

  it("say whose they are, to nobody but that user, and each is another one", async () => {
    const owner = newOwner();
    const contents: string[] = [];
    for (let round = 0; round < 2; round++) {
      const release = await lock(`${path}.lock`, { owner });
      contents.push(await readFile(`${path}.lock`, "utf8"));
      expect((await stat(`${path}.lock`)).mode & 0o777).toBe(0o600);
      await release();
    }
    expect(JSON.parse(contents[0] ?? "")).toMatchObject(owner);
    expect(contents[0]).not.toBe(contents[1]);
  });

  it("that somebody deleted are given back all the same", async () => {
    const release = await lock(`${path}.lock`, { owner: newOwner() });
    await unlink(`${path}.lock`);
    await expect(release()).resolves.toBeUndefined();
  });

  it("of an owner of this process that was closed are free at once", async () => {
    const owner = newOwner();
    await lock(`${path}.lock`, { owner });
    retire(owner);
    await (await lock(`${path}.lock`, { owner: newOwner(), deadline: 0 }))();
  });

  it("in a directory that is not there cannot be had", async () => {
    const nowhere = join(directory, "none", "x.lock");
    await expect(lock(nowhere, { owner: newOwner() })).rejects.toMatchObject({ code: "ENOENT" });
  });

  const elsewhere = { pid: 7, host: "elsewhere", started: null, nonce: "n" };
  it.each([
    ["of another host", JSON.stringify(elsewhere), 120, "process 7 on elsewhere"],
    ["that are empty, as a full disk leaves them,", "", 2, "an unknown process"],
    ["that are half written", '{"pid":7,"ho', 2, "an unknown process"],
    ["that say no process", JSON.stringify({ ...elsewhere, pid: "7" }), 2, "an unknown process"],
    ["that say no host", JSON.stringify({ ...elsewhere, host: null }), 2, "an unknown process"],
    ["that say no owner", JSON.stringify({ ...elsewhere, nonce: 1 }), 2, "an unknown process"],
    ["that say nothing", "null", 2, "an unknown process"],
  ])("%s are free once they are old, and not before", async (_, content, seconds, who) => {
    await writeFile(`${path}.lock`, content);
    vi.useFakeTimers({ toFake: ["Date"] });
    const aged = (age: number): Date => new Date(Date.now() - age * 1000);
    await utimes(`${path}.lock`, aged(seconds), aged(seconds));
    await expect(lock(`${path}.lock`, { owner: newOwner(), deadline: -1 })).rejects.toMatchObject({
      code: "ledger-locked",
      message: `${who} holds the ledger`,
    });
    await utimes(`${path}.lock`, aged(seconds + 0.001), aged(seconds + 0.001));
    await (await lock(`${path}.lock`, { owner: newOwner(), deadline: -1 }))();
    expect(await readdir(directory)).toEqual([]);
  });

  it("are held by one at a time while eight fight over a dead one", async () => {
    let inside = 0;
    let most = 0;
    for (let round = 0; round < 10; round++) {
      await writeFile(
        `${path}.lock`,
        JSON.stringify({ pid: 2 ** 22 - 1, host: newOwner().host, started: "0:1", nonce: `${round}` }),
      );
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const release = await lock(`${path}.lock`, { owner: newOwner() });
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 1));
          inside--;
          await release();
        }),
      );
    }
    expect(most).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });

  it("keep the writes of four processes apart: none is lost", async () => {
    const script = (first: number): string => `
      import { fileLedger } from "SRC/file.node.ts";
      const ledger = fileLedger(${JSON.stringify(path)});
      await Promise.all(Array.from({ length: 25 }, async (_, i) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
        const sha256 = (${first} + i).toString(16).padStart(64, "0");
        const claim = await ledger.claim({ sha256, type: "image", origin: "https://c.test", account: "default" }, null);
        await claim.record({ step: "active", at: "${at}", id: "1" });
        await claim.release();
      }));
      console.log("ready"); setInterval(() => {}, 1000);`;
    await Promise.all([0, 100, 200, 300].map((first) => killedAfter(script(first))));
    expect(await fileLedger(path).entries()).toHaveLength(100);
  });
});
