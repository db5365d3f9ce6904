import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { EntryProgress } from "../../../src/ledger/entry.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { allEntries, key } from "../entries.ts";

/* A full disk is simulated: replacing the ledger file fails. */

const system: { failure: object | null } = { failure: null };
let fileLedger: typeof import("../../../src/ledger/file/file-ledger.node.ts")["fileLedger"];
beforeAll(async () => {
  vi.resetModules();
  vi.doMock("node:fs/promises", async (original) => {
    const real = await original<typeof import("node:fs/promises")>();
    return {
      ...real,
      rename: async (from: string, to: string) => {
        if (system.failure) throw Object.assign(new Error("rename"), system.failure);
        await real.rename(from, to);
      },
    };
  });
  ({ fileLedger } = await import("../../../src/ledger/file/file-ledger.node.ts"));
});
afterAll(() => {
  vi.doUnmock("node:fs/promises");
  vi.resetModules();
});

const folder = temporaryFolder();
const path = (): string => folder.join("ledger.json");

const step = (id: string): EntryProgress => ({ step: "registered", at: "2026-11-22T10:00:00Z", id });
const onDisk = async (): Promise<string[]> =>
  JSON.parse(await readFile(path(), "utf8")).entries.map(({ id }: { id: string }) => id);

describe("a ledger file on a full disk", () => {
  it.each([
    [{ code: "ENOSPC" }, "ENOSPC"],
    [{}, "unknown"],
  ])("is unchanged, reports the reason, and accepts writes once there is space: %j", async (failure, why) => {
    const ledger = fileLedger(path());
    const claim = await ledger.claim(key(1), null);
    await claim.record(step("1"));
    const before = await readFile(path(), "utf8");
    system.failure = failure;
    await expect(claim.record(step("2"))).rejects.toMatchObject({
      code: "unreadable",
      message: `cannot write the ledger ${path()} (${why})`,
      cause: { message: "rename" },
    });
    system.failure = null;
    expect([await readFile(path(), "utf8"), await readdir(folder.path)]).toEqual([before, ["ledger.json"]]);
    // What is in memory is what is on disk, not what was to be there.
    expect(await allEntries(ledger)).toMatchObject([{ id: "1" }]);
    expect(claim.entry).toMatchObject({ id: "1" });
    const other = await ledger.claim(key(2), null);
    await other.record(step("3"));
    expect(await onDisk()).toEqual(["1", "3"]);
    await claim.record(step("4"));
    expect(await onDisk()).toEqual(["4", "3"]);
  });
});
