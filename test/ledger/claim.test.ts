import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LeaseLost, type Ledger } from "../../src/ledger/ledger.ts";
import { MemoryStore } from "../../src/ledger/memory.ts";
import type { EntryWrite, Lease, WriteAnswer } from "../../src/ledger/store.ts";
import { ledgerOver } from "../../src/ledger/store-ledger.ts";
import { active, at, checked, key } from "./entries.ts";

/* What a claim does with its lease, over any store: renew it, notice its loss, keep its writes in order. */

/** A store whose requests can be delayed or made to fail. */
class FaultyStore extends MemoryStore {
  readonly log: string[] = [];
  delay: (() => number) | null = null;
  unreachable = false;

  constructor() {
    super({ renews: true });
  }

  async #fault(what: string): Promise<void> {
    if (this.delay) await new Promise((resolve) => setTimeout(resolve, this.delay?.()));
    if (this.unreachable) throw new Error("unreachable");
    this.log.push(what);
  }

  override async write(lease: Lease, write: EntryWrite): Promise<WriteAnswer> {
    await this.#fault(`${write.entry.step} ${write.entry.id ?? ""}`.trim());
    return super.write(lease, write);
  }

  override async renew(lease: Lease): Promise<WriteAnswer> {
    await this.#fault("renew");
    return super.renew(lease);
  }
}

let store: FaultyStore;
let ledger: Ledger;
beforeEach(() => {
  store = new FaultyStore();
  ledger = ledgerOver(store);
});

describe("the writes of a claim", () => {
  it("reach the store in the order they were requested, however long each takes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(8), { minLength: 1, maxLength: 12 }), async (delays) => {
        store = new FaultyStore();
        const waits = [...delays];
        store.delay = () => waits.shift() ?? 0;
        const claim = await ledgerOver(store).claim(key(1), null);
        const ids = delays.map((_, i) => `${i}`);
        await Promise.all(ids.map((id) => claim.record({ ...checked, step: "registered", id })));
        expect(store.log).toEqual(ids.map((id) => `registered ${id}`));
        await claim.release();
      }),
      { numRuns: 30 },
    );
  });

  it("continue after one that failed, and the entry is what the store has", async () => {
    const claim = await ledger.claim(key(1), null);
    await claim.record(checked);
    store.unreachable = true;
    const failed = claim.record({ ...active, step: "registered" });
    expect(claim.entry?.step).toBe("registered");
    await expect(failed).rejects.toThrow("unreachable");
    expect(claim.entry?.step).toBe("checked");
    store.unreachable = false;
    await claim.record({ ...active, step: "registered", id: "8" });
    expect(await ledger.get(key(1))).toMatchObject({ id: "8" });
    await claim.release();
  });

  it("that arrive late or twice do not undo a later one", async () => {
    const claim = await store.acquire({ key: key(1), text: "k", holder: "h", duration: 1000 });
    if (claim.outcome !== "granted") throw new Error("not granted");
    const lease = { key: key(1), text: "k", holder: "h", duration: 1000, token: claim.token };
    const entry = { ...key(1), file: null, ...checked, at };
    const write = (revision: number, id: string): EntryWrite => ({
      entry: { ...entry, id },
      revision,
      release: false,
      trusted: true,
    });
    await store.write(lease, write(2, "second"));
    await store.write(lease, write(1, "first"));
    expect((await store.get("k"))?.id).toBe("second");
  });

  it("contain only the key's own fields, and the file's first name", async () => {
    const claim = await ledger.claim({ ...key(1), secret: "x" } as never, "first.png");
    expect(claim.key).toEqual(key(1));
    await claim.record(checked);
    await claim.release();
    const second = await ledger.claim(key(1), "second.png");
    await second.record(active);
    expect(await ledger.get(key(1))).toEqual({ ...key(1), file: "first.png", ...active });
  });
});

describe("a lease", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is renewed every third of it, and not after the claim ended", async () => {
    const claim = await ledger.claim(key(1), null);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(store.log).toEqual(["renew", "renew", "renew"]);
    await claim.release();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(store.log).toHaveLength(3);
  });

  it("is not renewed separately while steps are recorded, which renew it", async () => {
    const claim = await ledger.claim(key(1), null);
    for (let i = 0; i < 10; i++) {
      await vi.advanceTimersByTimeAsync(15_000);
      await claim.record(checked);
    }
    expect(store.log).not.toContain("renew");
    await claim.release();
  });

  it("is lost at its end if the store cannot be reached, and the claim's signal fires", async () => {
    const claim = await ledger.claim(key(1), null);
    store.unreachable = true;
    await vi.advanceTimersByTimeAsync(59_000);
    expect(claim.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(claim.signal.aborted).toBe(true);
    expect(claim.signal.reason).toBeInstanceOf(LeaseLost);
    store.unreachable = false;
    await expect(claim.record(active)).rejects.toBeInstanceOf(LeaseLost);
    await expect(claim.ensureLease(0)).rejects.toBeInstanceOf(LeaseLost);
    await claim.release();
  });

  it("is lost if another owner has the entry, and what that owner recorded stays", async () => {
    const claim = await ledger.claim(key(1), null);
    await claim.record(checked);
    // The process is stopped: no timer fires here, and the lease runs out in the store.
    vi.setSystemTime(Date.now() + 61_000);
    const other = await ledgerOver(store).claim(key(1), null);
    expect(other.interrupted).toBe(true);
    await other.record({ ...active, step: "registered", id: "9" });
    await expect(claim.record(active)).rejects.toBeInstanceOf(LeaseLost);
    expect(claim.signal.aborted).toBe(true);
    await claim.release();
    expect(await ledger.get(key(1))).toMatchObject({ step: "registered", id: "9" });
    await other.record(active);
  });

  it("is extended before a request that must not be sent twice", async () => {
    const claim = await ledger.claim(key(1), null);
    await claim.ensureLease(50_000);
    expect(store.log).toEqual([]);
    vi.setSystemTime(Date.now() + 15_000);
    await claim.ensureLease(50_000);
    expect(store.log).toEqual(["renew"]);
    await expect(claim.ensureLease(61_000)).rejects.toBeInstanceOf(LeaseLost);
    await claim.release();
  });

  it("is not extended for an owner that was suspended until another one took over", async () => {
    const claim = await ledger.claim(key(1), null);
    vi.setSystemTime(Date.now() + 61_000);
    await (await ledgerOver(store).claim(key(1), null)).record(checked);
    await expect(claim.ensureLease(50_000)).rejects.toBeInstanceOf(LeaseLost);
  });

  it("that is not renewed ends at its expiry, which also ends another owner's wait", async () => {
    const claim = await ledger.claim(key(1), null);
    await claim.record(checked);
    store.unreachable = true;
    const messages: string[] = [];
    const next = ledgerOver(store).claim(key(1), null, { onWait: (message) => messages.push(message) });
    await vi.advanceTimersByTimeAsync(60_001);
    expect((await next).interrupted).toBe(true);
    expect(messages).toEqual(["waiting for another part of this process, which is working on the same file"]);
  });
});

describe("the queue for a key within one owner", () => {
  /** Whether a promise has settled by now. */
  const settled = (promise: Promise<unknown>): (() => boolean) => {
    let is = false;
    const set = (): void => {
      is = true;
    };
    promise.then(set, set);
    return () => is;
  };
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

  it("is served in order; an aborted claim does not admit the next one early", async () => {
    const first = await ledger.claim(key(1), null);
    const stop = new AbortController();
    const second = ledger.claim(key(1), null, { signal: stop.signal });
    const third = ledger.claim(key(1), null, { signal: new AbortController().signal });
    const fourth = ledger.claim(key(1), null);
    const [hasThird, hasFourth] = [settled(third), settled(fourth)];
    const otherKey = await ledger.claim(key(2), null);
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: "aborted" });
    await expect(ledger.claim(key(1), null, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
    await pause();
    expect([hasThird(), hasFourth()]).toEqual([false, false]);
    await first.release();
    await pause();
    expect([hasThird(), hasFourth()]).toEqual([true, false]);
    // Released twice, it is still one turn.
    await first.release();
    await pause();
    expect(hasFourth()).toBe(false);
    await (await third).release();
    await (await fourth).release();
    await otherKey.release();
  });

  it("continues after a claim that the store refused", async () => {
    const refusing = ledgerOver(
      Object.assign(new MemoryStore(), {
        acquire: vi.fn(store.acquire.bind(store)).mockRejectedValueOnce(new Error("unreadable")),
      }),
    );
    await expect(refusing.claim(key(1), null)).rejects.toThrow("unreadable");
    expect((await refusing.claim(key(1), null)).entry).toBeNull();
  });

  it("continues after a release that the store refused", async () => {
    const claim = await ledger.claim(key(1), null);
    await claim.record(checked);
    vi.spyOn(store, "release").mockRejectedValueOnce(new Error("disk full"));
    await expect(claim.release()).rejects.toThrow("disk full");
    const next = ledger.claim(key(1), null, { deadline: -1 });
    await expect(next).rejects.toMatchObject({ code: "ledger-locked" });
  });
});
