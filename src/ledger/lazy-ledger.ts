import { loadOnce } from "../async/load-once.ts";
import type { Ledger } from "./ledger.ts";

/** A ledger whose code is loaded with the first call: most pages do not use one. */
export function lazyLedger(load: () => Promise<Ledger>): Ledger {
  const ledger = loadOnce(load);
  return {
    claim: async (...args) => (await ledger()).claim(...args),
    get: async (key) => (await ledger()).get(key),
    known: async (...args) => (await ledger()).known(...args),
    async *entries(options) {
      yield* (await ledger()).entries(options);
    },
    reserveRegistration: async (...args) => (await ledger()).reserveRegistration(...args),
    flush: async () => (await ledger()).flush(),
    close: async () => (await ledger()).close(),
  };
}
