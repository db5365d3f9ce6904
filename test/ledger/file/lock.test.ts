import { execFileSync } from "node:child_process";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
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

  /** A clock that stands still but for `advance`. */
  const stoppedClock = (): void => {
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
  };
  const advance = (milliseconds: number): void => void vi.advanceTimersByTime(milliseconds);
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 80));

  it("of a living owner are waited for up to the deadline, which is said after a second", async () => {
    const owner = newOwner();
    const release = await lock(`${path}.lock`, { owner });
    stoppedClock();
    const messages: string[] = [];
    const onWait = (message: string): void => void messages.push(message);
    const waiting = lock(`${path}.lock`, { owner: newOwner(), onWait });
    waiting.catch(() => {});
    const silent = lock(`${path}.lock`, { owner: newOwner() });
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
      hint: `if nothing is running there, delete ${path}.lock`,
      retryable: true,
    });
    await expect(silent).rejects.toMatchObject({ code: "ledger-locked" });
    expect(messages).toHaveLength(1);
    await release();
  });

  it("that are released within a second are waited for without a message", async () => {
    const release = await lock(`${path}.lock`, { owner: newOwner() });
    const messages: string[] = [];
    const waiting = lock(`${path}.lock`, {
      owner: newOwner(),
      onWait: (message) => messages.push(message),
    });
    await pause();
    await release();
    await (await waiting)();
    expect(messages).toEqual([]);
  });

  it.each([
    ["a dangling link", (place: string) => symlink(join(directory, "nowhere"), place)],
    ["a link to a file", (place: string) => symlink(path, place)],
    ["a folder", (place: string) => mkdir(place)],
    ["a FIFO", async (place: string) => void execFileSync("mkfifo", [place])],
  ])("whose place is taken by %s fail at once, and leave it there", async (_, make) => {
    await make(`${path}.lock`);
    await expect(lock(`${path}.lock`, { owner: newOwner() })).rejects.toMatchObject({
      code: "ledger-locked",
      message: expect.stringContaining("is in the way"),
    });
    expect(await readdir(directory)).toEqual([basename(`${path}.lock`)]);
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

  it("in a folder that does not exist cannot be taken", async () => {
    const nowhere = join(directory, "none", "x.lock");
    await expect(lock(nowhere, { owner: newOwner() })).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("of a living process whose start time cannot be read are not taken from it", async () => {
    const owner = { ...newOwner(), pid: process.ppid, started: 7 };
    await writeFile(`${path}.lock`, JSON.stringify(owner));
    await expect(lock(`${path}.lock`, { owner: newOwner(), deadline: -1 })).rejects.toMatchObject({
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
  ])(
    "%s are free once they were seen unchanged for long, by this machine's clock alone",
    async (_, content, age, name) => {
      await writeFile(`${path}.lock`, content);
      // What its time stamps say is another machine's word.
      await utimes(`${path}.lock`, 0, 0);
      stoppedClock();
      await expect(lock(`${path}.lock`, { owner: newOwner(), deadline: -1 })).rejects.toMatchObject({
        code: "ledger-locked",
        message: `${name} has locked the ledger`,
      });
      let taken = false;
      const waiting = lock(`${path}.lock`, { owner: newOwner() }).then((release) => {
        taken = true;
        return release;
      });
      await pause();
      advance(age);
      await pause();
      expect(taken).toBe(false);
      advance(1);
      await (await waiting)();
      expect(await readdir(directory)).toEqual([]);
    },
  );

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
