import { loadOnce } from "../async/load-once.ts";
import type { Ledger } from "./ledger.ts";

/** A ledger that is loaded with the first call: most pages keep none. */
export function ledgerLater(load: () => Promise<Ledger>): Ledger {
  const ledger = loadOnce(load);
  return {
    claim: async (...given) => (await ledger()).claim(...given),
    entries: async () => (await ledger()).entries(),
    flush: async () => (await ledger()).flush(),
  };
}
