import type { Ledger } from "./ledger.ts";

/** A ledger that is loaded with the first call: most pages keep none. */
export function ledgerLater(load: () => Promise<Ledger>): Ledger {
  let loading: Promise<Ledger> | undefined;
  const ledger = (): Promise<Ledger> => {
    loading ??= load();
    return loading;
  };
  return {
    claim: async (...given) => (await ledger()).claim(...given),
    entries: async () => (await ledger()).entries(),
    flush: async () => (await ledger()).flush(),
  };
}
