import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, stat, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { lock } from "../../../src/ledger/file/lock.node.ts";
import { newOwner, retire } from "../../../src/ledger/file/owner.node.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const folder = temporaryFolder();
const path = (): string => folder.join("media-preflight.lock.json");
afterEach(() => {
  vi.useRealTimers();
});

describe("locks of the ledger file", () => {
  it("of a dead process whose id was reused are free too", async () => {
    const stranger = { ...newOwner(), pid: process.ppid, started: "0:1", nonce: "0-gone" };
    await writeFile(`${path()}.lock`, JSON.stringify(stranger));
    const release = await lock(`${path()}.lock`, { owner: newOwner(), deadline: 200 });
    await release();
  });

  /** A clock that stands still but for `advance`. */
  const stoppedClock = (): void => {
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
  };
  const advance = (milliseconds: number): void => void vi.advanceTimersByTime(milliseconds);
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 80));

  it("of a living owner are waited for until the deadline, and reported after a second", async () => {
    const owner = newOwner();
    const release = await lock(`${path()}.lock`, { owner });
    stoppedClock();
    const messages: string[] = [];
    const onWait = (message: string): void => void messages.push(message);
    const waiting = lock(`${path()}.lock`, { owner: newOwner(), onWait });
    waiting.catch(() => {});
    const silent = lock(`${path()}.lock`, { owner: newOwner() });
    silent.catch(() => {});
    await pause();
    expect(messages).toEqual([]);
    advance(1001);
    await expect
      .poll(() => messages, { interval: 5 })
      .toEqual([`waiting for process ${process.pid} on ${owner.host}, which has locked the ledger`]);
    advance(150_000);
    await expect(waiting).rejects.toMatchObject({
      code: "ledger-locked",
      message: `process ${process.pid} on ${owner.host} has locked the ledger`,
      hint: `if nothing is running there, delete ${path()}.lock`,
      retryable: true,
    });
    await expect(silent).rejects.toMatchObject({ code: "ledger-locked" });
    expect(messages).toHaveLength(1);
    await release();
  });

  it("that are released within a second are waited for without a message", async () => {
    const release = await lock(`${path()}.lock`, { owner: newOwner() });
    const messages: string[] = [];
    const waiting = lock(`${path()}.lock`, {
      owner: newOwner(),
      onWait: (message) => messages.push(message),
    });
    await pause();
    await release();
    await (await waiting)();
    expect(messages).toEqual([]);
  });

  it.each([
    ["a dangling link", (place: string) => symlink(folder.join("nowhere"), place)],
    ["a link to a file", (place: string) => symlink(path(), place)],
    ["a folder", (place: string) => mkdir(place)],
    ["a FIFO", async (place: string) => void execFileSync("mkfifo", [place])],
  ])("replaced by %s fail at once, and the replacement stays", async (_, make) => {
    await make(`${path()}.lock`);
    await expect(lock(`${path()}.lock`, { owner: newOwner() })).rejects.toMatchObject({
      code: "ledger-locked",
      message: expect.stringContaining("is not a lock of this tool"),
    });
    expect(await readdir(folder.path)).toEqual([basename(`${path()}.lock`)]);
  });

  it("stop being waited for when the caller aborts", async () => {
    const release = await lock(`${path()}.lock`, { owner: newOwner() });
    const stop = new AbortController();
    const waiting = lock(`${path()}.lock`, { owner: newOwner(), signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    await release();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("name their owner, readable only by that user, and each is different", async () => {
    const owner = newOwner();
    const contents: string[] = [];
    for (let round = 0; round < 2; round++) {
      const release = await lock(`${path()}.lock`, { owner });
      contents.push(await readFile(`${path()}.lock`, "utf8"));
      expect((await stat(`${path()}.lock`)).mode & 0o777).toBe(0o600);
      await release();
    }
    expect(JSON.parse(contents[0] ?? "")).toMatchObject(owner);
    expect(contents[0]).not.toBe(contents[1]);
  });

  it("that somebody deleted are released without an error", async () => {
    const release = await lock(`${path()}.lock`, { owner: newOwner() });
    await unlink(`${path()}.lock`);
    await expect(release()).resolves.toBeUndefined();
  });

  it("of a closed owner in this process are free at once", async () => {
    const owner = newOwner();
    await lock(`${path()}.lock`, { owner });
    retire(owner);
    await (await lock(`${path()}.lock`, { owner: newOwner(), deadline: 0 }))();
  });

  it("in a missing folder cannot be acquired", async () => {
    const nowhere = folder.join("none", "x.lock");
    await expect(lock(nowhere, { owner: newOwner() })).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("of a living process whose start time cannot be read are not removed", async () => {
    const owner = { ...newOwner(), pid: process.ppid, started: 7 };
    await writeFile(`${path()}.lock`, JSON.stringify(owner));
    await expect(lock(`${path()}.lock`, { owner: newOwner(), deadline: -1 })).rejects.toMatchObject({
      code: "ledger-locked",
    });
  });

  const elsewhere = { pid: 7, host: "elsewhere", started: null, nonce: "n" };
  it.each([
    ["of another host", JSON.stringify(elsewhere), 120_000, "process 7 on elsewhere"],
    ["that are empty, as a full disk leaves them,", "", 2000, "an unknown process"],
    ["that are half written", '{"pid":7,"ho', 2000, "an unknown process"],
    ["that name no process", JSON.stringify({ ...elsewhere, pid: "7" }), 2000, "an unknown process"],
    ["that name no host", JSON.stringify({ ...elsewhere, host: null }), 2000, "an unknown process"],
    ["that name no owner", JSON.stringify({ ...elsewhere, nonce: 1 }), 2000, "an unknown process"],
    ["that say nothing", "null", 2000, "an unknown process"],
  ])("%s are free once unchanged for long enough by this machine's clock", async (_, content, age, name) => {
    await writeFile(`${path()}.lock`, content);
    // Its time stamps come from another machine's clock.
    await utimes(`${path()}.lock`, 0, 0);
    stoppedClock();
    await expect(lock(`${path()}.lock`, { owner: newOwner(), deadline: -1 })).rejects.toMatchObject({
      code: "ledger-locked",
      message: `${name} has locked the ledger`,
    });
    let taken = false;
    const { signal } = new AbortController();
    const delayed = vi.spyOn(signal, "addEventListener");
    const waiting = lock(`${path()}.lock`, { owner: newOwner(), signal }).then((release) => {
      taken = true;
      return release;
    });
    // It has looked at the lock, and waits before it looks again.
    while (delayed.mock.calls.length === 0) await pause();
    advance(age);
    await pause();
    expect(taken).toBe(false);
    advance(1);
    await (await waiting)();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("are owned by one at a time while eight processes compete for a dead one's", async () => {
    let inside = 0;
    let most = 0;
    for (let round = 0; round < 10; round++) {
      await writeFile(
        `${path()}.lock`,
        JSON.stringify({ pid: 2 ** 22 - 1, host: newOwner().host, started: "0:1", nonce: `${round}` }),
      );
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const release = await lock(`${path()}.lock`, { owner: newOwner() });
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 1));
          inside--;
          await release();
        }),
      );
    }
    expect(most).toBe(1);
    expect(await readdir(folder.path)).toEqual([]);
  });
});
