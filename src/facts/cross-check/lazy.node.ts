import type { NodeCrossCheckOptions } from "./libraries.node.ts";
import { crossCheckLazily, type RunCrossCheck } from "./policy.ts";

/** Runs cross-checks on Node.js; no library is loaded before the first file that needs one. */
export const nodeCrossCheckOnDemand: (options?: NodeCrossCheckOptions) => RunCrossCheck = crossCheckLazily(
  async (options) => (await import("./libraries.node.ts")).nodeCrossCheck(options).run,
);
