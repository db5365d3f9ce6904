import type { BrowserCrossCheckOptions } from "./libraries.ts";
import { noteNothingLoaded, type RunCrossCheck } from "./policy.ts";

/**
 * Asks cross-check library in a page; nothing of theirs is loaded before the first one is wanted. What cannot be loaded is a
 * note in the evidence.
 */
export const browserCrossCheckOnDemand =
  (options?: BrowserCrossCheckOptions): RunCrossCheck =>
  async (source, evidence, asked) => {
    let consult: RunCrossCheck;
    try {
      consult = (await import("./libraries.ts")).sharedConsult(options);
    } catch {
      noteNothingLoaded(evidence, asked.crossCheck);
      return;
    }
    await consult(source, evidence, asked);
  };
