import { type Consult, consultLazily } from "./wanted.ts";
import type { NodeWitnessOptions } from "./witnesses.node.ts";

/** Asks witnesses on Node; nothing of theirs is loaded before the first one is wanted. */
export const consultOnNode: (options?: NodeWitnessOptions) => Consult = consultLazily(
  async (options) => (await import("./witnesses.node.ts")).nodeWitnesses(options).consult,
);
