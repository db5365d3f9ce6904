import type { Ledger, LedgerClaim } from "../ledger.ts";
import { equal, hasCode, isLeaseLost, rejects, sleep, until } from "./assertions.ts";
import { active, checked, key, registered } from "./samples.ts";
import type { ConformanceTest } from "./test-case.ts";

/** Several owners, as several processes are. */
export const ownerTests: readonly ConformanceTest[] = [
  {
    title: "makes another owner wait until the entry is released, with one message",
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
    title: "grants an entry to exactly one of many owners",
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
    title: "grants the entry of a stopped owner to the next one, as interrupted",
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
];

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
