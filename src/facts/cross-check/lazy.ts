import type { BrowserCrossCheckOptions } from "./libraries.ts";
import type { RunCrossCheck } from "./policy.ts";

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
      evidence.crossCheckNotes.push({ crossCheck: "all", why: "they are not installed or cannot be loaded" });
      return;
    }
    await consult(source, evidence, asked);
  };
