import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { newOwner } from "../../../src/ledger/file/owner.node.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

/* A file system without hard links is simulated: creating one fails. */

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

const folder = temporaryFolder();
const path = (): string => folder.join("ledger.json.lock");

describe("a lock on a file system without hard links", () => {
  it.each(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"])("is acquired by one at a time: %s", async (code) => {
    system.code = code;
    const owner = newOwner();
    const release = await lock(path(), { owner });
    expect(JSON.parse(await readFile(path(), "utf8"))).toMatchObject(owner);
    await expect(lock(path(), { owner: newOwner(), deadline: -1 })).rejects.toMatchObject({
      code: "ledger-locked",
    });
    await release();
    expect(await readdir(folder.path)).toEqual([]);
    await (await lock(path(), { owner: newOwner() }))();
  });

  it("is owned by one at a time while eight compete", async () => {
    let [inside, most] = [0, 0];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const release = await lock(path(), { owner: newOwner() });
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside--;
        await release();
      }),
    );
    expect(most).toBe(1);
  });

  it("is not acquired after another system error, and no file is left", async () => {
    system.code = "EACCES";
    await expect(lock(path(), { owner: newOwner() })).rejects.toMatchObject({ code: "EACCES" });
    expect(await readdir(folder.path)).toEqual([]);
  });
});
