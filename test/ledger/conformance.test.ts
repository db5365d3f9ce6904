import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { ledgerConformance } from "../../src/ledger/conformance.ts";
import { fileLedger } from "../../src/ledger/file/file-ledger.node.ts";
import { MemoryStore } from "../../src/ledger/memory.ts";
import { ledgerOver } from "../../src/ledger/store-ledger.ts";

describe("the ledger in memory", () => {
  it.concurrent.each(ledgerConformance)("$title", async ({ run }) => {
    const store = new MemoryStore({ renews: true });
    await run({ open: () => ledgerOver(store) });
  });
});

describe("the ledger in a file", () => {
  it.concurrent.each(ledgerConformance)("$title", async ({ run }) => {
    const directory = await mkdtemp(join(tmpdir(), "conformance-"));
    try {
      await run({ open: () => fileLedger(join(directory, "ledger.json")) });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
