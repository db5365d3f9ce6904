import type { NodeCrossCheckOptions } from "./libraries.node.ts";
import { consultLazily, type RunCrossCheck } from "./policy.ts";

/** Asks cross-check library on Node; nothing of theirs is loaded before the first one is wanted. */
export const nodeCrossCheckOnDemand: (options?: NodeCrossCheckOptions) => RunCrossCheck = consultLazily(
  async (options) => (await import("./libraries.node.ts")).nodeCrossCheck(options).consult,
);
