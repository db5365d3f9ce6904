import { readdir, readFile, readlink, truncate, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { EntryProgress } from "../../../src/ledger/entry.ts";
import { type FileLedgerOptions, fileLedger } from "../../../src/ledger/file/file-ledger.node.ts";
import { lock } from "../../../src/ledger/file/lock.node.ts";
import { newOwner } from "../../../src/ledger/file/owner.node.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { allEntries, key } from "../entries.ts";

/* The path of the ledger, its errors when it cannot be read or written, and its options. */

const folder = temporaryFolder();
const path = (): string => folder.join("ledger.json");
afterEach(() => {
  vi.useRealTimers();
});

const active: EntryProgress = { step: "active", at: "2026-11-22T10:00:00.000Z", id: "7" };
const record = async (
  n: number,
  step: EntryProgress,
  { file = path(), ...options }: FileLedgerOptions & { file?: string } = {},
): Promise<void> => {
  const ledger = fileLedger(file, options);
  const claim = await ledger.claim(key(n), null);
  await claim.record(step);
  await claim.release();
};

describe("the path of the ledger file", () => {
  it("is in the working directory unless given", () => {
    expect(fileLedger().path).toBe(resolve("media-preflight.lock.json"));
    expect(fileLedger("a/b.json").path).toBe(resolve("a/b.json"));
  });

  it("and its options are refused if they are not such", () => {
    const usage = (message: string) => expect.objectContaining({ code: "usage", message });
    expect(() => fileLedger({ file: path() } as never)).toThrow(usage("fileLedger takes the path of a file"));
    expect(() => fileLedger(path(), { lockDeadlin: 5 } as never)).toThrow(
      usage('fileLedger has no option "lockDeadlin"'),
    );
    expect(() => fileLedger(path(), { batchWindow: "8" } as never)).toThrow(
      usage("batchWindow is a number of milliseconds, 0 or more"),
    );
  });

  it("need not exist to be read", async () => {
    expect(await allEntries(fileLedger(folder.join("none/ledger.json")))).toEqual([]);
  });

  it("must have an existing folder to be written; the error names the ledger file", async () => {
    await expect(record(1, active, { file: folder.join("none/ledger.json") })).rejects.toMatchObject({
      code: "unreadable",
      message: `cannot write the ledger ${folder.join("none/ledger.json")} (ENOENT)`,
      hint: "its folder must exist and be writable; or name another ledger",
      cause: { code: "ENOENT" },
    });
  });

  it("cannot be below a file", async () => {
    await writeFile(folder.join("file"), "");
    await expect(allEntries(fileLedger(folder.join("file/ledger.json")))).rejects.toMatchObject({
      code: "unreadable",
      message: "cannot read the ledger",
      cause: { code: "ENOTDIR" },
    });
  });

  it("names a file far too large for a ledger, which is refused without being read", async () => {
    await writeFile(path(), "");
    await truncate(path(), 256 * 1024 * 1024 + 1);
    await expect(allEntries(fileLedger(path()))).rejects.toMatchObject({
      code: "ledger-invalid",
      message: `${path()}: larger than 268435456 bytes`,
      hint: "this is not a ledger of this tool: name another file",
    });
  });

  it("is in the error for two entries of the same bytes, with the second one", async () => {
    const entry = { ...key(1), file: "a.png", ...active };
    const entries = [entry, { ...entry, account: "b" }, entry];
    await writeFile(path(), JSON.stringify({ schemaVersion: 1, entries }));
    await expect(allEntries(fileLedger(path()))).rejects.toMatchObject({
      code: "ledger-invalid",
      message: `${path()}: entries[2]: a second entry for the same bytes, type and account`,
      hint: expect.stringMatching(/^nothing was overwritten/),
    });
  });
});

describe.runIf(process.platform === "linux")("open file descriptors", () => {
  const openHere = async (): Promise<string[]> => {
    const links = await readdir("/proc/self/fd");
    const places = await Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => "")));
    return places.filter((place) => place.startsWith(folder.path));
  };
  it("of the ledger are closed after reads and writes, successful or not", async () => {
    await record(1, active);
    await record(2, active);
    await allEntries(fileLedger(path()));
    await writeFile(path(), "garbage");
    await expect(allEntries(fileLedger(path()))).rejects.toThrow("not JSON");
    expect(await openHere()).toEqual([]);
  });
});

describe("steps that are written together", () => {
  it.each([
    [undefined, 8],
    [100, 100],
  ])("are one rewrite if they arrive within %s ms", async (batchWindow, lasts) => {
    const ledger = fileLedger(path(), { batchWindow });
    // What is loaded with the first write is loaded now.
    await (await ledger.claim(key(4), null)).record(active);
    const claims = await Promise.all([1, 2, 3].map((n) => ledger.claim(key(n), null)));
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const recorded = claims.slice(0, 2).map((claim) => claim.record(active));
    await vi.advanceTimersByTimeAsync(lasts - 1);
    recorded.push(...claims.slice(2).map((claim) => claim.record(active)));
    expect([vi.getTimerCount(), ledger.rewrites]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(0);
    await Promise.all(recorded);
    expect(ledger.rewrites).toBe(2);
    expect(await allEntries(fileLedger(path()))).toHaveLength(4);
  });

  it("that could not be written leave the entry as it is on disk, and release it", async () => {
    const ledger = fileLedger(path());
    const claim = await ledger.claim(key(1), null);
    await claim.record({ step: "uploaded", at: active.at, url: "https://x.test/a" });
    await expect(claim.record({ ...active, id: "a b" })).rejects.toMatchObject({ code: "protocol" });
    expect(claim.entry?.step).toBe("uploaded");
    await claim.release();
    const [entry] = JSON.parse(await readFile(path(), "utf8")).entries;
    expect(entry).toEqual({
      ...key(1),
      file: null,
      step: "uploaded",
      at: active.at,
      url: "https://x.test/a",
      proof: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    // Others need not wait for this process to end.
    expect((await fileLedger(path()).claim(key(1), null, { deadline: -1 })).entry?.step).toBe("uploaded");
  });

  it("continue after one that could not be written", async () => {
    const ledger = fileLedger(path());
    const claim = await ledger.claim(key(1), null);
    await claim.record({ ...active, step: "registered" });
    await expect(claim.record({ ...active, id: "a b" })).rejects.toMatchObject({ code: "protocol" });
    await claim.record({ ...active, step: "registered", id: "8" });
    expect(await allEntries(fileLedger(path()))).toMatchObject([{ id: "8" }]);
    // Asked for at once, the second does not wait for what becomes of the first.
    const both = await Promise.allSettled([
      claim.record({ ...active, id: "c d" }),
      claim.record({ ...active, step: "registered", id: "9" }),
    ]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(claim.entry?.id).toBe("9");
    await claim.release();
    expect(await allEntries(fileLedger(path()))).toEqual([
      { ...key(1), file: null, ...active, step: "registered", id: "9" },
    ]);
  });

  it("fail separately: only the invalid one is refused", async () => {
    const ledger = fileLedger(path());
    const claims = await Promise.all([1, 2, 3].map((n) => ledger.claim(key(n), null)));
    const results = await Promise.allSettled(
      claims.map((claim, i) => claim.record(i === 1 ? { ...active, id: "a b" } : active)),
    );
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({
      reason: { code: "protocol", message: "cannot record this in the ledger: id: not an id" },
    });
    expect((await allEntries(fileLedger(path()))).map((entry) => "sha256" in entry && entry.sha256)).toEqual([
      "0".repeat(63) + 1,
      "0".repeat(63) + 3,
    ]);
  });

  it("are no rewrite if none of them is valid", async () => {
    const ledger = fileLedger(path());
    const claim = await ledger.claim(key(1), null);
    await expect(claim.record({ ...active, id: undefined })).rejects.toMatchObject({
      message: 'cannot record this in the ledger: step "active" without "id"',
    });
    expect([ledger.rewrites, await readdir(folder.path)]).toEqual([0, []]);
  });

  it("of one entry are written in order, and the last one stays", async () => {
    const ledger = fileLedger(path());
    const claim = await ledger.claim(key(1), "a.png");
    const steps = [1, 2, 3].map((n) => claim.record({ ...active, step: "registered", id: `${n}` }));
    await Promise.all(steps);
    expect(await allEntries(fileLedger(path()))).toMatchObject([{ id: "3", file: "a.png" }]);
  });

  it("are on disk after flush or close", async () => {
    for (const [n, end] of [[1, "flush"] as const, [2, "close"] as const]) {
      const ledger = fileLedger(path());
      const claim = await ledger.claim(key(n), null);
      const recorded = claim.record(active);
      await ledger[end]();
      expect(JSON.parse(await readFile(path(), "utf8")).entries).toHaveLength(n);
      await recorded;
    }
  });
});

describe("a ledger file that another process is rewriting", () => {
  it("is waited for until the deadline of the options, with a message", async () => {
    const release = await lock(`${path()}.lock`, { owner: newOwner() });
    vi.useFakeTimers({ toFake: ["Date"] });
    const words: string[] = [];
    const recorded = record(1, active, { lockDeadline: 5000, onWait: (word) => words.push(word) });
    recorded.catch(() => {});
    const start = Date.now();
    await expect
      .poll(
        () => {
          // The wait begins once the steps are collected.
          vi.setSystemTime(Date.now() + 500);
          return words.length;
        },
        { interval: 20 },
      )
      .toBe(1);
    expect(Date.now() - start).toBeGreaterThan(1000);
    vi.setSystemTime(Date.now() + 5001);
    await expect(recorded).rejects.toMatchObject({ code: "ledger-locked" });
    await release();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("is read again before it is written, so that the other's entries stay", async () => {
    const ledger = fileLedger(path());
    const claim = await ledger.claim(key(1), null);
    const release = await lock(`${path()}.lock`, { owner: newOwner() });
    const recorded = claim.record(active);
    await allEntries(ledger);
    const other = { ...key(2), file: null, ...active };
    await writeFile(path(), JSON.stringify({ schemaVersion: 1, entries: [other] }));
    await release();
    await recorded;
    expect(await allEntries(fileLedger(path()))).toHaveLength(2);
  });
});
