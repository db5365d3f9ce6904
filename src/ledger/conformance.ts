import type { LedgerEntry, LedgerKey } from "./entry.ts";
import { type ClaimOptions, LeaseLost, type Ledger, type LedgerClaim, type StepToRecord } from "./ledger.ts";

/** What the tests need of an implementation. */
export interface ConformanceContext {
  /** Opens another ledger on the same store, as another process would. The store is empty at first. */
  open(): Promise<Ledger> | Ledger;
}

/** One test: rejects with an error that says what is wrong. */
export interface ConformanceTest {
  title: string;
  run(context: ConformanceContext): Promise<void>;
}

/**
 * What every ledger must do. For your own implementation, run each with a fresh store in your test framework:
 *
 * ```typescript
 * for (const { title, run } of ledgerConformance)
 *   test(title, () => run({ open: () => ledgerOver(new MyStore(connection)) }));
 * ```
 */
export const ledgerConformance: readonly ConformanceTest[] = [
  {
    title: "is empty at first",
    async run(context) {
      const ledger = await context.open();
      equal(await ledger.get(key(1)), null, "get");
      equal(await all(ledger), [], "entries");
      equal(await ledger.known(origin, ["1"]), [], "known");
      await ledger.close();
    },
  },
  {
    title: "keeps nothing of a claim that records nothing",
    async run(context) {
      const ledger = await context.open();
      await (await ledger.claim(key(1), "a.png")).release();
      equal(await all(ledger), [], "entries");
      equal(await ledger.get(key(1)), null, "get");
      await ledger.close();
    },
  },
  {
    title: "shows another owner every field that was recorded",
    async run(context) {
      const [writer, reader] = [await context.open(), await context.open()];
      await put(writer, key(1), everything);
      const expected = { ...key(1), file: "a.png", ...everything };
      equal(await reader.get(key(1)), expected, "get");
      equal(await all(reader), [expected], "entries");
      const claim = await reader.claim(key(1), "b.png");
      equal(claim.entry, expected, "claim.entry");
      await claim.release();
      await Promise.all([writer.close(), reader.close()]);
    },
  },
  {
    title: "keeps other accounts, services, types and URLs apart",
    async run(context) {
      const ledger = await context.open();
      const url = { sourceUrl: "https://x.test/a", querySha256: null, etag: '"1"', bytes: 9 };
      const shared = { type: "image", origin, account: "default" } as const;
      const keys: LedgerKey[] = [
        key(1),
        { ...key(1), account: "other" },
        { ...key(1), origin: "https://other.test" },
        { ...key(1), type: "video" },
        { ...url, ...shared },
        { ...url, ...shared, querySha256: "a".repeat(64) },
        { ...url, ...shared, etag: null },
        { ...url, ...shared, bytes: null },
      ];
      for (const [i, one] of keys.entries()) await put(ledger, one, { ...active, id: `${i}` });
      for (const [i, one] of keys.entries()) equal((await ledger.get(one))?.id, `${i}`, `get of key ${i}`);
      await ledger.close();
    },
  },
  {
    title: "writes the steps of a claim in the order they were asked for",
    async run(context) {
      const [writer, reader] = [await context.open(), await context.open()];
      const claim = await writer.claim(key(1), null);
      const ids = Array.from({ length: 20 }, (_, i) => `${i}`);
      const recorded = ids.map((id) => claim.record({ ...registered, id }));
      // Not awaited before it is released: still in order.
      const released = claim.release();
      await Promise.all([...recorded, released]);
      equal((await reader.get(key(1)))?.id, "19", "the last step");
      await Promise.all([writer.close(), reader.close()]);
    },
  },
  {
    title: "adds fields to a step, and keeps the others",
    async run(context) {
      const ledger = await context.open();
      await put(ledger, key(1), { ...everything, step: "registering" });
      const claim = await ledger.claim(key(1), null);
      await claim.amend({ missedAt: "2026-11-23T00:00:00.000Z" });
      await claim.release();
      const entry = await ledger.get(key(1));
      equal(
        [entry?.missedAt, entry?.url, entry?.step],
        ["2026-11-23T00:00:00.000Z", everything.url, "registering"],
        "entry",
      );
      await ledger.close();
    },
  },
  {
    title: "lets one claim of a key at a time through within an owner",
    async run(context) {
      const ledger = await context.open();
      const first = await ledger.claim(key(1), null);
      let second: LedgerClaim | null = null;
      const waiting = ledger.claim(key(1), null).then((claim) => {
        second = claim;
        return claim;
      });
      await sleep(30);
      equal(second, null, "the second claim while the first is held");
      await first.record(registered);
      await first.release();
      equal((await waiting).entry?.step, "registered", "what the second claim sees");
      await (await waiting).release();
      await ledger.close();
    },
  },
  {
    title: "lets another owner wait until the entry is released, and says so once",
    async run(context) {
      const [a, b] = [await context.open(), await context.open()];
      const first = await a.claim(key(1), null);
      await first.record(checked);
      const messages: string[] = [];
      let second: LedgerClaim | null = null;
      const waiting = b.claim(key(1), null, { onWait: (message) => messages.push(message) }).then((claim) => {
        second = claim;
        return claim;
      });
      await until(() => messages.length > 0, "a message that it waits");
      await sleep(50);
      equal(second, null, "the second claim while the first is held");
      await first.record(registered);
      await first.release();
      equal((await waiting).entry?.step, "registered", "what the second claim sees");
      equal((await waiting).interrupted, false, "interrupted");
      equal(messages.length, 1, "messages");
      await (await waiting).release();
      await Promise.all([a.close(), b.close()]);
    },
  },
  {
    title: "releases an entry with its final step",
    async run(context) {
      const [a, b] = [await context.open(), await context.open()];
      const claim = await a.claim(key(1), null);
      await claim.record(checked);
      await claim.record(active);
      const next = await b.claim(key(1), null, { deadline: 2000 });
      equal(next.entry?.step, "active", "what the next claim sees");
      await rejects(claim.record(registered), isLeaseLost, "a record after the final step");
      equal((await b.get(key(1)))?.step, "active", "the entry");
      await next.release();
      await claim.release();
      await Promise.all([a.close(), b.close()]);
    },
  },
  {
    title: "writes nothing under a claim that was released",
    async run(context) {
      const ledger = await context.open();
      const claim = await ledger.claim(key(1), null);
      await claim.record(checked);
      await claim.release();
      await claim.release();
      await rejects(claim.record(registered), isLeaseLost, "a record after release");
      equal((await ledger.get(key(1)))?.step, "checked", "the entry");
      await ledger.close();
    },
  },
  {
    title: "gives the work on one entry to exactly one of many owners",
    async run(context) {
      const owners = await Promise.all(Array.from({ length: 6 }, () => context.open()));
      const work = { done: 0, inside: 0, most: 0 };
      await Promise.all(owners.map((ledger) => workOnce(ledger, work)));
      equal([work.done, work.most], [1, 1], "how often the work was done, and by how many at a time");
      await Promise.all(owners.map((ledger) => ledger.close()));
    },
  },
  {
    title: "ends a wait with the caller's signal, or at the deadline",
    async run(context) {
      const [a, b] = [await context.open(), await context.open()];
      const claim = await a.claim(key(1), null);
      await claim.record(checked);
      const stop = new AbortController();
      const waiting = b.claim(key(1), null, { signal: stop.signal });
      setTimeout(() => stop.abort(), 30);
      await rejects(waiting, hasCode("aborted"), "a claim whose signal fired");
      await rejects(
        b.claim(key(1), null, { deadline: 50 }),
        hasCode("ledger-locked"),
        "a claim at its deadline",
      );
      await rejects(
        b.claim(key(2), null, { signal: stop.signal }),
        hasCode("aborted"),
        "a claim after the signal",
      );
      await claim.release();
      await (await b.claim(key(1), null)).release();
      await Promise.all([a.close(), b.close()]);
    },
  },
  {
    title: "keeps a lease for as long as its owner lives",
    async run(context) {
      const [a, b] = [await context.open(), await context.open()];
      const claim = await a.claim(key(1), null, { lease: 3000 });
      await claim.record(checked);
      await rejects(
        b.claim(key(1), null, { deadline: 4000 }),
        hasCode("ledger-locked"),
        "another owner's claim",
      );
      equal(claim.signal.aborted, false, "whether the lease was lost");
      await claim.ensureLease(500);
      await claim.record(registered);
      await claim.release();
      await Promise.all([a.close(), b.close()]);
    },
  },
  {
    title: "gives the entry of an owner that stopped to the next one, and tells it",
    async run(context) {
      const [a, b] = [await context.open(), await context.open()];
      const claim = await a.claim(key(1), null, { lease: 600 });
      await claim.record(registered);
      await a.close();
      const next = await b.claim(key(1), null, { deadline: 10_000 });
      equal([next.entry?.step, next.interrupted], ["registered", true], "what the next claim sees");
      await next.record(active);
      await rejects(claim.record(checked), () => true, "a record of the owner that stopped");
      equal((await b.get(key(1)))?.step, "active", "the entry");
      await b.close();
    },
  },
  {
    title: "knows which asset ids belong, or belonged, to entries of a service",
    async run(context) {
      const ledger = await context.open();
      await put(ledger, key(1), { ...active, id: "7", formerIds: ["5", "6"], url: "https://x.test/7" });
      await put(ledger, { ...key(2), origin: "https://other.test" }, { ...active, id: "8" });
      const known = await ledger.known(origin, ["5", "7", "8", "9"]);
      equal(
        known.sort((one, two) => Number(one.id) - Number(two.id)),
        [
          { id: "5", url: null },
          { id: "7", url: "https://x.test/7" },
        ],
        "known",
      );
      await ledger.close();
    },
  },
  {
    title: "lists all entries page by page, each once",
    async run(context) {
      const ledger = await context.open();
      await Promise.all(Array.from({ length: 25 }, (_, n) => put(ledger, key(n), { ...active, id: `${n}` })));
      for (const pageSize of [1, 7, 25, 1000]) {
        const ids: string[] = [];
        for await (const { id = "" } of ledger.entries({ pageSize })) ids.push(id);
        equal(
          ids.map(Number).sort((a, b) => a - b),
          Array.from({ length: 25 }, (_, n) => n),
          `pages of ${pageSize}`,
        );
      }
      await ledger.close();
    },
  },
  {
    title: "measures the age of what it recorded, in the store's time",
    async run(context) {
      const ledger = await context.open();
      const claim = await ledger.claim(key(1), null);
      equal(claim.since("sentAt"), null, "the age of what is not there");
      const sentAt = claim.now();
      await claim.record({ ...everything, step: "registering", sentAt });
      const before = claim.since("sentAt") ?? -1;
      await sleep(400);
      const after = claim.since("sentAt") ?? -1;
      check(before >= 0 && before < 5000 && after >= 100 && after < 6000, `ages ${before} and ${after}`);
      await claim.release();
      await ledger.close();
    },
  },
  {
    title: "spaces registrations evenly under a rate limit",
    async run(context) {
      const ledger = await context.open();
      const waits = [];
      for (let i = 0; i < 4; i++) waits.push(await ledger.reserveRegistration("a", 6));
      check((waits[0] ?? 1) <= 1, `the first waits ${waits[0]} ms`);
      check((waits[3] ?? 0) > 25_000 && (waits[3] ?? 0) <= 30_000, `the fourth waits ${waits[3]} ms`);
      check((await ledger.reserveRegistration("b", 6)) <= 1, "another bucket waits");
      await ledger.close();
    },
  },
  {
    title: "can be closed twice",
    async run(context) {
      const ledger = await context.open();
      await put(ledger, key(1), active);
      await ledger.flush();
      await ledger.close();
      await ledger.close();
    },
  },
];

const origin = "https://console.test";
const at = "2026-11-22T10:00:00.000Z";
const checked: StepToRecord = { step: "checked", at };
const registered: StepToRecord = { step: "registered", at, id: "7" };
const active: StepToRecord = { step: "active", at, id: "7", uri: "asset://asset-7" };
const everything: StepToRecord = {
  step: "active",
  at,
  checkedAt: at,
  rules: "atlas-seedance-2.0",
  rulesVersion: "2026-11-22",
  url: "https://x.test/a.png",
  urlSha256: "b".repeat(64),
  uploadedAt: at,
  assetName: "a",
  namedBy: "tool",
  sentAt: at,
  missedAt: at,
  id: "7",
  formerIds: ["5", "6"],
  atlasAssetId: "atlas-asset-7",
  arkAssetId: "ark-7",
  uri: "asset://atlas-asset-7",
  errorCode: "FpsTooLow",
};

function key(n: number): LedgerKey {
  return { sha256: n.toString(16).padStart(64, "0"), type: "image", origin, account: "default" };
}

async function put(ledger: Ledger, of: LedgerKey, step: StepToRecord, options?: ClaimOptions): Promise<void> {
  const claim = await ledger.claim(of, "a.png", options);
  await claim.record(step);
  await claim.release();
}

async function all(ledger: Ledger): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const entry of ledger.entries()) entries.push(entry);
  return entries;
}

/** Does the work of key 1 unless it is done, starting again whenever another owner was faster. */
async function workOnce(ledger: Ledger, work: { done: number; inside: number; most: number }): Promise<void> {
  for (let rounds = 0; rounds < 50; rounds++) {
    const claim = await ledger.claim(key(1), null);
    try {
      if (claim.entry?.step === "active") return;
      await claim.record({ ...checked, step: "registering", url: "https://x.test/a", sentAt: claim.now() });
      work.most = Math.max(work.most, ++work.inside);
      await sleep(20);
      work.done++;
      work.inside--;
      await claim.record(active);
      return;
    } catch (error) {
      if (!isLeaseLost(error)) throw error;
    } finally {
      await claim.release();
    }
  }
  throw new Error("the work was never done");
}

const isLeaseLost = (error: unknown): boolean => error instanceof LeaseLost;
const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    (error as { code?: unknown } | null)?.code === code;

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not as expected: ${what}`);
}

/** Compares as JSON, with the fields of objects in any order. */
function equal(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [canonical(actual), canonical(expected)];
  check(is === should, `${what} is ${is}, not ${should}`);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

async function rejects(
  promise: Promise<unknown>,
  fits: (error: unknown) => boolean,
  what: string,
): Promise<void> {
  const [outcome] = await Promise.allSettled([promise]);
  check(outcome?.status === "rejected", `${what} does not fail`);
  const { reason } = outcome as PromiseRejectedResult;
  check(fits(reason), `${what} fails with ${String(reason)}`);
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 10) {
    if (holds()) return;
    await sleep(10);
  }
  throw new Error(`does not happen: ${what}`);
}

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
