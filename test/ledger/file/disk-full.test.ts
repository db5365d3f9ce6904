import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EntryProgress, LedgerKey } from "../../../src/ledger/entry.ts";
import { allEntries } from "../entries.ts";

/* A full disk cannot be had everywhere: here the system says that there is no room for the new file. */

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

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "full-"));
  path = join(directory, "ledger.json");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const key = (n: number): LedgerKey => ({
  sha256: `${n}`.padStart(64, "0"),
  type: "image",
  origin: "https://console.test",
  account: "default",
});
const step = (id: string): EntryProgress => ({ step: "registered", at: "2026-11-22T10:00:00Z", id });
const onDisk = async (): Promise<string[]> =>
  JSON.parse(await readFile(path, "utf8")).entries.map(({ id }: { id: string }) => id);

describe("a ledger on a disk that is full", () => {
  it.each([
    [{ code: "ENOSPC" }, "ENOSPC"],
    [{}, "unknown"],
  ])("stays as it was, says why, and goes on from there: %j", async (failure, why) => {
    const ledger = fileLedger(path);
    const claim = await ledger.claim(key(1), null);
    await claim.record(step("1"));
    const before = await readFile(path, "utf8");
    system.failure = failure;
    await expect(claim.record(step("2"))).rejects.toMatchObject({
      code: "unreadable",
      message: `cannot write the ledger ledger.json (${why})`,
      cause: { message: "rename" },
    });
    system.failure = null;
    expect([await readFile(path, "utf8"), await readdir(directory)]).toEqual([before, ["ledger.json"]]);
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
