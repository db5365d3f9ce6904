import type { LedgerClaim } from "../ledger.ts";
import { equal, isLeaseLost, rejects, sleep } from "./assertions.ts";
import { active, all, checked, everything, key, put, registered } from "./samples.ts";
import type { ConformanceTest } from "./test-case.ts";

/** The claim of one owner. */
export const claimTests: readonly ConformanceTest[] = [
  {
    title: "stores nothing for a claim that records nothing",
    async run(context) {
      const ledger = await context.open();
      await (await ledger.claim(key(1), "a.png")).release();
      equal(await all(ledger), [], "entries");
      equal(await ledger.get(key(1)), null, "get");
      await ledger.close();
    },
  },
  {
    title: "writes the steps of a claim in the order of the calls",
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
    title: "adds fields to a step without removing others",
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
    title: "grants one claim of a key at a time within an owner",
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
];
