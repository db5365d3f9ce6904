import { expect, test } from "vitest";
import { lazyLedger } from "../../src/ledger/lazy-ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { allEntries } from "./entries.ts";

test("a ledger that a page could not load is loaded by the next call, and only once", async () => {
  let loads = 0;
  const ledger = lazyLedger(async () => {
    if (++loads === 1) throw new TypeError("Failed to fetch dynamically imported module");
    return memoryLedger();
  });
  await expect(allEntries(ledger)).rejects.toThrow("Failed to fetch");
  expect(await allEntries(ledger)).toEqual([]);
  await ledger.flush();
  expect(loads).toBe(2);
});

test("a ledger that is loaded later is claimed and flushed like any other", async () => {
  const calls: unknown[] = [];
  const kept = memoryLedger();
  const ledger = lazyLedger(async () => ({
    ...kept,
    claim(...given) {
      calls.push(given);
      return kept.claim(...given);
    },
    flush: async () => void calls.push("flush"),
  }));
  const key = { sha256: "0".repeat(64), type: "image", origin: "https://c.test", account: "a" } as const;
  const options = { deadline: 7 };
  const claim = await ledger.claim(key, "a.png", options);
  await claim.record({ step: "checked", at: "2026-11-22T10:00:00Z" });
  await claim.release();
  await ledger.flush();
  expect(calls).toEqual([[key, "a.png", options], "flush"]);
  expect(await allEntries(ledger)).toMatchObject([{ ...key, file: "a.png", step: "checked" }]);
});
