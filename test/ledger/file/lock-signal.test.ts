import { setTimeout as realDelay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { fileLedger } from "../../../src/ledger/file/file-ledger.node.ts";
import { lock } from "../../../src/ledger/file/lock.node.ts";
import { newOwner } from "../../../src/ledger/file/owner.node.ts";
import { timeInTests } from "../../submit/client-in-memory.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { checked, key } from "../entries.ts";

const { now, pass, passing } = timeInTests();
const folder = temporaryFolder();

describe("waiting for another process's lock of the ledger file", () => {
  it("ends five seconds after the caller's signal, for the write and for the release after it", async () => {
    const path = folder.join("ledger.json");
    const unlock = await lock(`${path}.lock`, { owner: newOwner() });
    const ledger = fileLedger(path);
    const stop = new AbortController();
    const claim = await ledger.claim(key(1), null, { signal: stop.signal });
    const recorded = claim.record(checked);
    recorded.catch(() => {});
    await pass(1000);
    stop.abort();
    const aborted = now();
    await expect(passing(recorded)).rejects.toMatchObject({ code: "aborted" });
    expect(now() - aborted).toBeGreaterThanOrEqual(4900);
    expect(now() - aborted).toBeLessThan(5200);
    await passing(claim.release());
    expect(now() - aborted).toBeLessThan(5200);
    await unlock();
    await passing(ledger.close());
  });

  it("still completes the pending write if the lock becomes free within that time", async () => {
    const path = folder.join("ledger.json");
    const unlock = await lock(`${path}.lock`, { owner: newOwner() });
    const ledger = fileLedger(path);
    const stop = new AbortController();
    const claim = await ledger.claim(key(1), null, { signal: stop.signal });
    const recorded = claim.record(checked);
    await pass(100);
    stop.abort();
    await pass(1000);
    await unlock();
    // As much real time passes as the ledger sees: a slow disk does not use up the five seconds.
    const written = recorded.then(() => true);
    while (!(await Promise.race([written, realDelay(20, false)]))) await pass(20);
    expect(await ledger.get(key(1))).toMatchObject({ step: "checked" });
  });

  it("continues for other callers of the same ledger", async () => {
    const path = folder.join("ledger.json");
    const unlock = await lock(`${path}.lock`, { owner: newOwner() });
    const ledger = fileLedger(path);
    const stop = new AbortController();
    const stopped = await ledger.claim(key(1), null, { signal: stop.signal });
    const going = await ledger.claim(key(2), null);
    const recorded = Promise.all([stopped.record(checked), going.record(checked)]);
    await pass(100);
    stop.abort();
    await pass(10_000);
    await unlock();
    await passing(recorded);
    expect(await ledger.get(key(2))).toMatchObject({ step: "checked" });
  });
});
