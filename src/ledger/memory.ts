import type { LedgerEntry } from "./entry.ts";
import type { Ledger } from "./ledger.ts";
import { ledgerOver } from "./store-ledger.ts";

/** A ledger that lasts as long as the page or process: nothing twice within it, no memory beyond it. */
export function memoryLedger(): Ledger {
  const entries = new Map<string, LedgerEntry>();
  const nonce = Math.random().toString(36).slice(2);
  return ledgerOver({
    owner: { pid: 0, host: "memory", started: null, nonce },
    read: async () => entries,
    async write(key, change) {
      entries.set(key, change(entries.get(key) ?? null));
    },
    isAlive: () => false,
    flush: async () => {},
  });
}
