import { afterEach, describe, expect, it, vi } from "vitest";
import { exists, hostTag, isLiving, newOwner, retire } from "../../src/pipeline/ledger/owner.node.ts";

/* Who is at work on an entry, and whether that one is alive. */

afterEach(() => {
  vi.resetModules();
});

describe("an owner", () => {
  it("is this process, told apart from any other in it", () => {
    const [one, two] = [newOwner(), newOwner()];
    expect(one).toMatchObject({ pid: process.pid, host: two.host, started: two.started });
    expect(one.nonce).not.toBe(two.nonce);
    if (process.platform === "linux") expect(one.started).toMatch(/^[0-9a-f-]{8}:\d+$/);
  });

  it("of this process lives until it is retired", () => {
    const owner = newOwner();
    expect(isLiving(owner)).toBe(true);
    retire(owner);
    expect(isLiving(owner)).toBe(false);
  });

  it("that another copy of this package made is known to be alive, too", async () => {
    vi.resetModules();
    const copy = await import("../../src/pipeline/ledger/owner.node.ts");
    expect(copy.newOwner).not.toBe(newOwner);
    const owner = copy.newOwner();
    expect(isLiving(owner)).toBe(true);
    copy.retire(owner);
    expect(isLiving(owner)).toBe(false);
  });

  it("of another host may live or not: that cannot be told from here", () => {
    expect(isLiving({ ...newOwner(), host: "elsewhere" })).toBeNull();
  });

  it("of another thread of this process lives as long as the process", () => {
    expect(isLiving({ ...newOwner(), nonce: "4711-0123456789abc" })).toBe(true);
  });

  it("of a process that is no more does not", () => {
    expect(isLiving({ ...newOwner(), pid: 2 ** 22 - 1, nonce: "0-x" })).toBe(false);
  });

  const parent = { ...newOwner(), pid: process.ppid, nonce: "0-x" };
  it.each([
    ["nobody wrote down when it started", null, true],
    ["it started at another time: the id is used again", "01234567:1", process.platform !== "linux"],
  ])("of another process, where %s", (_, started, alive) => {
    expect(isLiving({ ...parent, started })).toBe(alive);
  });
});

describe("a process", () => {
  it("exists or not", () => {
    expect([exists(process.pid), exists(process.ppid), exists(2 ** 22 - 1)]).toEqual([true, true, false]);
  });
});

describe("a host's tag", () => {
  it("is six letters of a file's name, the same each time", () => {
    expect(hostTag()).toMatch(/^[0-9a-f]{6}$/);
    expect(hostTag()).toBe(hostTag());
  });
});
