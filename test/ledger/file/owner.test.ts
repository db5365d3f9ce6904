import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readlink, rm, symlink } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { exists, hostTag, isAlive, newOwner, retire } from "../../../src/ledger/file/owner.node.ts";
import type { Owner } from "../../../src/ledger/file/record.ts";

/* Who is at work on an entry, and whether that one is alive. */

afterEach(() => {
  vi.resetModules();
});

describe("a lock's owner", () => {
  it("is this process, distinct from any other owner in it", async () => {
    const [one, two] = [newOwner(), newOwner()];
    expect(one).toMatchObject({ pid: process.pid, host: two.host, started: two.started });
    expect(one.nonce).not.toBe(two.nonce);
    if (process.platform !== "linux") return;
    expect(one.started).toMatch(/^[0-9a-f-]{8}:\d+$/);
    const namespace = await readlink("/proc/self/ns/pid");
    // The kernel's own number of the machine's first one: include/linux/proc_ns.h. Any other is a container's.
    const container = namespace === "pid:[4026531836]" ? "" : ` ${namespace}`;
    expect(one.host).toBe(hostname() + container);
  });

  it("of this process is alive until it is closed", () => {
    const owner = newOwner();
    expect(isAlive(owner)).toBe(true);
    retire(owner);
    expect(isAlive(owner)).toBe(false);
  });

  it("created by another copy of this package is known to be alive, too", async () => {
    vi.resetModules();
    const copy = await import("../../../src/ledger/file/owner.node.ts");
    expect(copy.newOwner).not.toBe(newOwner);
    const owner = copy.newOwner();
    expect(isAlive(owner)).toBe(true);
    copy.retire(owner);
    expect(isAlive(owner)).toBe(false);
  });

  it("on another host may be alive or not: unknown from here", () => {
    expect(isAlive({ ...newOwner(), host: "elsewhere" })).toBeNull();
  });

  it("in another thread of this process is alive as long as the process", () => {
    expect(isAlive({ ...newOwner(), nonce: "4711-0123456789abc" })).toBe(true);
  });

  it("in a process that has exited is dead", () => {
    expect(isAlive({ ...newOwner(), pid: 2 ** 22 - 1, nonce: "0-x" })).toBe(false);
  });

  // The same thread's number in another process is another thread.
  const parent = (): Owner => ({ ...newOwner(), pid: process.ppid });
  it.each([
    ["nobody wrote down when it started", null, true],
    ["it started at another time: the id is used again", "01234567:1", process.platform !== "linux"],
  ])("in another process, where %s", (_, started, alive) => {
    expect(isAlive({ ...parent(), started })).toBe(alive);
  });
});

describe.runIf(process.platform === "linux")("another process, identified by its start time", () => {
  let directory: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "owner-"));
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });
  /** Field 22 of proc_pid_stat(5), read from the end: nothing behind the name has a parenthesis. */
  const startedAt = async (pid: number): Promise<{ state: string | undefined; started: string }> => {
    const [, , ...fields] = (await readFile(`/proc/${pid}/stat`, "latin1")).split(/^.*\)| /s);
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "latin1");
    return { state: fields[0], started: `${boot.slice(0, 8)}:${fields[19]}` };
  };

  it("is alive whatever its name, and only if it started at that time", async () => {
    const odd = join(directory, "a) Z 1 (b) X");
    await symlink(process.execPath, odd);
    const child = spawn(odd, ["-e", "console.log(1); setTimeout(() => {}, 60_000)"]);
    children.push(child);
    await once(child.stdout, "data");
    const pid = child.pid as number;
    const { started } = await startedAt(pid);
    const owner = { ...newOwner(), pid };
    expect(isAlive({ ...owner, started })).toBe(true);
    expect(isAlive({ ...owner, started: `${started}0` })).toBe(false);
  });

  it("that is a zombie counts as dead", async () => {
    // After exec replaces the shell, no process waits for the shell's child, which stays a zombie.
    const child = spawn("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 60"]);
    children.push(child);
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    const pid = Number(String(said));
    const { started } = await startedAt(pid);
    await expect.poll(async () => (await startedAt(pid)).state).toBe("Z");
    expect(isAlive({ ...newOwner(), pid, started })).toBe(false);
  });
});

describe("a process id", () => {
  it("is in use or not", () => {
    expect([exists(process.pid), exists(process.ppid), exists(2 ** 22 - 1)]).toEqual([true, true, false]);
  });
  it.runIf(process.platform !== "win32")("is in use if the process belongs to another user", () => {
    expect(exists(1)).toBe(true);
  });
});

describe("a host's tag", () => {
  it("is six letters derived from the host's name, always the same", () => {
    expect(hostTag()).toMatch(/^[0-9a-f]{6}$/);
    expect(hostTag()).toBe(hostTag());
  });
});
