import { type Consult, consultLazily } from "./wanted.ts";
import type { BrowserWitnessOptions } from "./witnesses.ts";

/** Asks witnesses in a page; nothing of theirs is loaded before the first one is wanted. */
export const consultInBrowser = (options?: BrowserWitnessOptions): Consult =>
  consultLazily<BrowserWitnessOptions>(
    async (given) => (await import("./witnesses.ts")).browserWitnesses(given).consult,
    options,
  );
