import { type Consult, consultLazily } from "./wanted.ts";
import type { BrowserWitnessOptions } from "./witnesses.ts";

/** Asks witnesses in a page; nothing of theirs is loaded before the first one is wanted. */
export const consultInBrowser: (options?: BrowserWitnessOptions) => Consult = /* @__PURE__ */ consultLazily(
  async (options) => (await import("./witnesses.ts")).browserWitnesses(options).consult,
);
