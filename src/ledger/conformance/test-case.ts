import type { Ledger } from "../ledger.ts";

/** What the tests need of an implementation. */
export interface ConformanceContext {
  /** Opens another ledger on the same store, as another process would. The store is empty at first. */
  open(): Promise<Ledger> | Ledger;
}

/** One test: rejects with an error that says what is wrong. */
export interface ConformanceTest {
  title: string;
  run(context: ConformanceContext): Promise<void>;
}
