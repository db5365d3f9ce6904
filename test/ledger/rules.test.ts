import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  keyText,
  type LedgerEntry,
  type LedgerKey,
  type Owner,
  type Progressed,
} from "../../src/ledger/entry.ts";
import { ClaimLost } from "../../src/ledger/ledger.ts";
import { type LedgerStore, ledgerOver } from "../../src/ledger/store-ledger.ts";

const at = "2026-11-22T10:00:00.000Z";
const sha = (n: number): string => n.toString(16).padStart(64, "0");
const key = (n: number, more: Partial<LedgerKey> = {}): LedgerKey =>
  ({
    sha256: sha(n),
    type: "image",
    origin: "https://console.test",
    account: "default",
    ...more,
  }) as LedgerKey;
const checked: Progressed = { step: "checked", at };
const active: Progressed = { step: "active", at, id: "7", uri: "asset://asset-7" };

describe("the ledger's rules, over any store", () => {
  const me: Owner = { pid: 1, host: "here", started: null, nonce: "me" };
  const other: Owner = { pid: 2, host: "there", started: null, nonce: "other" };
  interface Shared extends LedgerStore {
    entries: Map<string, LedgerEntry>;
    alive: boolean;
    writes: number;
  }
  /** A store that somebody else works on, too. */
  const store = (more: Partial<LedgerStore> = {}): Shared => {
    const made: Shared = {
      owner: me,
      entries: new Map(),
      alive: true,
      writes: 0,
      read: async () => new Map(made.entries),
      async write(text, change) {
        made.writes++;
        made.entries.set(text, change(made.entries.get(text) ?? null));
      },
      isAlive: () => made.alive,
      flush: async () => {},
      ...more,
    };
    return made;
  };
  const text = keyText(key(1));
  const entry = (more: Partial<LedgerEntry> = {}): LedgerEntry =>
    ({ ...key(1), file: null, ...checked, ...more }) as LedgerEntry;
  /** Whether a promise was kept by now. */
  const settled = (promise: Promise<unknown>): (() => boolean) => {
    let is = false;
    promise.then(
      () => {
        is = true;
      },
      () => {
        is = true;
      },
    );
    return () => is;
  };
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse(at) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("a living owner is waited for ten minutes, with one word, and who it is", async () => {
    const shared = store();
    shared.entries.set(text, entry({ owner: other }));
    const words: string[] = [];
    const claim = ledgerOver(shared).claim(key(1), null, { onWait: (word) => words.push(word) });
    const ended = settled(claim);
    await vi.advanceTimersByTimeAsync(600_000);
    expect([ended(), words]).toEqual([
      false,
      ["waiting for process 2 on there, which is at work on the same file"],
    ]);
    await vi.advanceTimersByTimeAsync(150);
    await expect(claim).rejects.toMatchObject({
      code: "ledger-locked",
      message: "process 2 on there is still at work on it",
      hint: expect.stringContaining("run the same command again"),
      retryable: true,
    });
  });

  it("the entry of one that ended is had at the next look, as it was left", async () => {
    const shared = store();
    shared.entries.set(text, entry({ owner: other }));
    const claim = ledgerOver(shared).claim(key(1), null);
    await vi.advanceTimersByTimeAsync(1);
    shared.entries.set(text, entry({ step: "registered", id: "9" }));
    await vi.advanceTimersByTimeAsync(150);
    expect((await claim).entry).toMatchObject({ step: "registered", id: "9" });
  });

  it("the entry of a dead one is had at once", async () => {
    const shared = store();
    shared.alive = false;
    shared.entries.set(text, entry({ owner: other }));
    const claim = await ledgerOver(shared).claim(key(1), null, { deadline: 0 });
    expect(claim.entry?.owner).toEqual(other);
    await claim.record(active);
    expect(shared.entries.get(text)).toMatchObject({ step: "active", owner: undefined });
  });

  it("its own entry, left by an earlier claim, is had at once", async () => {
    const shared = store();
    shared.entries.set(text, entry({ owner: me }));
    expect((await ledgerOver(shared).claim(key(1), null)).entry?.owner).toEqual(me);
  });

  it("the caller's signal ends a wait for another process, and gives up the turn", async () => {
    const shared = store();
    shared.entries.set(text, entry({ owner: other }));
    const ledger = ledgerOver(shared);
    const stop = new AbortController();
    const waiting = ledger.claim(key(1), null, { signal: stop.signal });
    waiting.catch(() => {});
    await vi.advanceTimersByTimeAsync(10);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    shared.entries.clear();
    expect((await ledger.claim(key(1), null)).entry).toBeNull();
    await expect(ledger.claim(key(2), null, { signal: stop.signal })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  it("a store that could not be read gives up the turn, too", async () => {
    let broken = true;
    const shared = store({
      read: async () => {
        if (broken) throw new Error("unreadable");
        return new Map();
      },
    });
    const ledger = ledgerOver(shared);
    await expect(ledger.claim(key(1), null)).rejects.toThrow("unreadable");
    broken = false;
    expect((await ledger.claim(key(1), null)).entry).toBeNull();
  });

  it("turns go by the order of asking; one that gives up does not let the next in early", async () => {
    const ledger = ledgerOver(store());
    const first = await ledger.claim(key(1), null);
    const stop = new AbortController();
    const second = ledger.claim(key(1), null, { signal: stop.signal });
    const third = ledger.claim(key(1), null, { signal: new AbortController().signal });
    const fourth = ledger.claim(key(1), null);
    const [thirdHas, fourthHas] = [settled(third), settled(fourth)];
    const elsewhere = await ledger.claim(key(2), null);
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: "aborted" });
    await expect(
      ledger.claim(key(1), null, { signal: AbortSignal.abort() }),
      "aborted before",
    ).rejects.toMatchObject({ code: "aborted" });
    await vi.advanceTimersByTimeAsync(1000);
    expect([thirdHas(), fourthHas()]).toEqual([false, false]);
    await first.release();
    await vi.advanceTimersByTimeAsync(1000);
    expect([thirdHas(), fourthHas()]).toEqual([true, false]);
    // Said twice, it is still one turn.
    await first.release();
    await vi.advanceTimersByTimeAsync(1000);
    expect(fourthHas()).toBe(false);
    await (await third).release();
    await (await fourth).release();
    await elsewhere.release();
  });

  it("one that asks while the second is at work waits for it, though the first is long done", async () => {
    const ledger = ledgerOver(store());
    const first = await ledger.claim(key(1), null);
    const waiting = ledger.claim(key(1), null);
    await first.release();
    const second = await waiting;
    await vi.advanceTimersByTimeAsync(0);
    const third = ledger.claim(key(1), null);
    const has = settled(third);
    await vi.advanceTimersByTimeAsync(1000);
    expect(has()).toBe(false);
    await second.release();
    await third;
  });

  it("one that gives up as the last in the queue lets nobody in before the first is done", async () => {
    const ledger = ledgerOver(store());
    const first = await ledger.claim(key(1), null);
    for (const stop of [new AbortController(), { signal: AbortSignal.abort(), abort() {} }]) {
      const second = ledger.claim(key(1), null, { signal: stop.signal });
      second.catch(() => {});
      stop.abort();
      await expect(second).rejects.toMatchObject({ code: "aborted" });
    }
    const third = ledger.claim(key(1), null);
    const has = settled(third);
    await vi.advanceTimersByTimeAsync(1000);
    expect(has()).toBe(false);
    await first.record(active);
    await first.release();
    expect((await third).entry?.step).toBe("active");
  });

  it("a claim keeps the key's own fields, and the file's first name", async () => {
    const shared = store();
    const ledger = ledgerOver(shared);
    const more = { ...key(1), secret: "x" };
    const claim = await ledger.claim(more, "first.png");
    expect(claim.key).toEqual(key(1));
    await claim.record(checked);
    await claim.release();
    const again = await ledger.claim(key(1), "second.png");
    await again.record(active);
    expect(shared.entries.get(text)).toEqual({ ...key(1), file: "first.png", ...active, owner: undefined });
  });

  it.each([
    ["checked", me],
    ["registering", me],
    ["registered", me],
    ["active", undefined],
    ["failed", undefined],
  ] as const)("a step %s has the owner %j until it is let go of", async (step, owner) => {
    const shared = store();
    const claim = await ledgerOver(shared).claim(key(1), null);
    await claim.record({ ...active, step });
    expect(shared.entries.get(text)?.owner).toEqual(owner);
    const { writes } = shared;
    await claim.release();
    expect(shared.entries.get(text)).toMatchObject({ step, owner: undefined });
    await claim.release();
    expect(shared.writes - writes).toBe(owner ? 1 : 0);
  });

  it("a claim whose entry another one took by its first write is lost, and lets it be", async () => {
    const shared = store();
    shared.entries.set(text, entry());
    const ledger = ledgerOver(shared);
    const claim = await ledger.claim(key(1), null);
    const taken = entry({ owner: other });
    shared.entries.set(text, taken);
    const lost = await claim.record(active).catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(ClaimLost);
    expect((lost as ClaimLost).key).toEqual(key(1));
    await claim.release();
    expect(shared.entries.get(text)).toBe(taken);
  });

  it("an entry that was taken over while it was at work is let be when it lets go", async () => {
    const shared = store();
    const claim = await ledgerOver(shared).claim(key(1), null);
    await claim.record(checked);
    const taken = entry({ owner: other });
    shared.entries.set(text, taken);
    await claim.release();
    expect(shared.entries.get(text)).toBe(taken);
  });

  it("an entry that was deleted meanwhile is written again", async () => {
    const shared = store();
    shared.entries.set(text, entry());
    const claim = await ledgerOver(shared).claim(key(1), null);
    shared.entries.clear();
    await claim.record(active);
    expect(shared.entries.get(text)?.step).toBe("active");
  });

  it("a store that cannot be written when it lets go is said so, and the turn is given up", async () => {
    let broken = false;
    const entries = new Map<string, LedgerEntry>();
    const ledger = ledgerOver(
      store({
        read: async () => entries,
        async write(place, change) {
          if (broken) throw new Error("disk full");
          entries.set(place, change(entries.get(place) ?? null));
        },
      }),
    );
    const claim = await ledger.claim(key(1), null);
    await claim.record(checked);
    broken = true;
    await expect(claim.release()).rejects.toThrow("disk full");
    expect((await ledger.claim(key(1), null)).entry?.step).toBe("checked");
  });

  it("entries are told in the order of their keys, and flushed by the store", async () => {
    const flush = vi.fn(async () => {});
    const shared = store({ flush });
    for (const n of [3, 1, 2]) shared.entries.set(keyText(key(n)), entry({ ...key(n), file: `${n}` }));
    const ledger = ledgerOver(shared);
    expect((await ledger.entries()).map(({ file }) => file)).toEqual(["1", "2", "3"]);
    await ledger.flush();
    expect(flush).toHaveBeenCalledTimes(1);
  });
});
