import { expect, test } from "vitest";
import { ledgerLater } from "../../src/pipeline/ledger/later.ts";
import { memoryLedger } from "../../src/pipeline/ledger/memory.ts";

test("a ledger that a page could not load is loaded with the next call, and only once", async () => {
  let loads = 0;
  const ledger = ledgerLater(async () => {
    if (++loads === 1) throw new TypeError("Failed to fetch dynamically imported module");
    return memoryLedger();
  });
  await expect(ledger.entries()).rejects.toMatchObject({ code: "network", retryable: true });
  expect(await ledger.entries()).toEqual([]);
  await ledger.flush();
  expect(loads).toBe(2);
});
