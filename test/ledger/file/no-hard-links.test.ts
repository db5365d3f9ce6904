import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { newOwner } from "../../../src/ledger/file/owner.node.ts";

/* File systems without hard links cannot be had everywhere: here the system says that there are none. */

const system = { code: "EPERM" };
let lock: typeof import("../../../src/ledger/file/lock.node.ts")["lock"];
beforeAll(async () => {
  vi.resetModules();
  vi.doMock("node:fs/promises", async (original) => ({
    ...(await original<typeof import("node:fs/promises")>()),
    link: async () => {
      throw Object.assign(new Error("link"), { code: system.code });
    },
  }));
  ({ lock } = await import("../../../src/ledger/file/lock.node.ts"));
});
afterAll(() => {
  vi.doUnmock("node:fs/promises");
  vi.resetModules();
});

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "linkless-"));
  path = join(directory, "ledger.json.lock");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe("a lock on a file system without hard links", () => {
  it.each(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"])("is had by one at a time: %s", async (code) => {
    system.code = code;
    const owner = newOwner();
    const release = await lock(path, { owner });
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject(owner);
    await expect(lock(path, { owner: newOwner(), deadline: -1 })).rejects.toMatchObject({
      code: "ledger-locked",
    });
    await release();
    expect(await readdir(directory)).toEqual([]);
    await (await lock(path, { owner: newOwner() }))();
  });

  it("is held by one at a time while eight want it", async () => {
    let [inside, most] = [0, 0];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const release = await lock(path, { owner: newOwner() });
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside--;
        await release();
      }),
    );
    expect(most).toBe(1);
  });

  it("is not had where the system says something else, and nothing is left", async () => {
    system.code = "EACCES";
    await expect(lock(path, { owner: newOwner() })).rejects.toMatchObject({ code: "EACCES" });
    expect(await readdir(directory)).toEqual([]);
  });
});
