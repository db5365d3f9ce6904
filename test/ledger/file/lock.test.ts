import { mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lock } from "../../../src/ledger/file/lock.node.ts";
import { newOwner, retire } from "../../../src/ledger/file/owner.node.ts";

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

describe("locks", () => {
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
    const silent = lock(`${path}.lock`, { owner: newOwner() });
    silent.catch(() => {});
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
    await expect(silent).rejects.toMatchObject({ code: "ledger-locked" });
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

  it("in whose place is a directory cannot be had", async () => {
    await mkdir(`${path}.lock`);
    await expect(lock(`${path}.lock`, { owner: newOwner() })).rejects.toMatchObject({ code: "EISDIR" });
    expect(await readdir(directory)).toEqual([basename(`${path}.lock`)]);
  });

  it("of a living process that does not say when it started in words are not taken from it", async () => {
    const owner = { ...newOwner(), pid: process.ppid, started: 7 };
    await writeFile(`${path}.lock`, JSON.stringify(owner));
    await expect(lock(`${path}.lock`, { owner: newOwner(), deadline: -1 })).rejects.toMatchObject({
      code: "ledger-locked",
    });
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
});
