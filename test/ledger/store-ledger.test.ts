import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../src/ledger/entry.ts";
import { fileLedger } from "../../src/ledger/file/file-ledger.node.ts";
import { ClaimLost } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { active, checked, key } from "./entries.ts";

const now = (): string => new Date().toISOString();

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ledger-"));
  path = join(directory, "media-preflight.lock.json");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe("claims", () => {
  it("let one file at a time through within a process", async () => {
    const ledger = memoryLedger();
    const first = await ledger.claim(key(1), null);
    let second: LedgerEntry | null | undefined;
    const waiting = ledger.claim(key(1), null).then((claim) => {
      second = claim.entry;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(second).toBeUndefined();
    await first.record(active);
    await first.release();
    await waiting;
    expect(second?.step).toBe("active");
  });

  it("end with the caller's signal while waiting", async () => {
    const ledger = memoryLedger();
    await ledger.claim(key(1), null);
    const stop = new AbortController();
    const waiting = ledger.claim(key(1), null, { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  });

  it("of a living process are waited for, with a word; two that looked at once do not both get it", async () => {
    const [a, b] = [fileLedger(path), fileLedger(path)];
    const [first, second] = [await a.claim(key(1), null), await b.claim(key(1), null)];
    await first.record(checked);
    await expect(second.record(checked)).rejects.toBeInstanceOf(ClaimLost);
    await second.release();
    const words: string[] = [];
    const third = b.claim(key(1), null, { onWait: (word) => words.push(word) });
    await expect.poll(() => words.length).toBe(1);
    await first.record(active);
    await first.release();
    expect((await third).entry?.step).toBe("active");
    expect(words).toEqual([expect.stringContaining(`process ${process.pid}`)]);
  });

  it("of a living process end in ledger-locked at the deadline", async () => {
    const [a, b] = [fileLedger(path), fileLedger(path)];
    await (await a.claim(key(1), null)).record({ ...checked, at: now() });
    await expect(b.claim(key(1), null, { deadline: 50 })).rejects.toMatchObject({ code: "ledger-locked" });
  });

  it("of another host are free once old, and not before", async () => {
    const owner = { pid: 1, host: "elsewhere", started: null, nonce: "x" };
    const entry = { ...key(1), file: null, ...checked, owner };
    await writeFile(path, JSON.stringify({ schemaVersion: 1, entries: [{ ...entry, at: now() }] }));
    await expect(fileLedger(path).claim(key(1), null, { deadline: 10 })).rejects.toMatchObject({
      code: "ledger-locked",
    });
    await writeFile(path, JSON.stringify({ schemaVersion: 1, entries: [entry] }));
    const claim = await fileLedger(path).claim(key(1), null, { deadline: 10 });
    await claim.record(active);
    expect(claim.entry?.step).toBe("active");
  });

  it("of an owner that was closed are free at once", async () => {
    const a = fileLedger(path);
    await (await a.claim(key(1), null)).record({ ...checked, at: now() });
    await a.close();
    const claim = await fileLedger(path).claim(key(1), null, { deadline: 0 });
    expect(claim.entry?.step).toBe("checked");
  });
});
