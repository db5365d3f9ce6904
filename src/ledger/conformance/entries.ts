import type { LedgerKey } from "../entry.ts";
import { check, equal, sleep } from "./assertions.ts";
import { active, all, everything, key, origin, put } from "./samples.ts";
import type { ConformanceTest } from "./test-case.ts";

/** What is stored, and how it is read. */
export const entryTests: readonly ConformanceTest[] = [
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
    title: "separates accounts, services, types and URLs",
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
