import type { BrowserCrossCheckOptions } from "./libraries.ts";
import { noteNothingLoaded, type RunCrossCheck } from "./policy.ts";

/**
 * Runs cross-checks in a page; no library is loaded before the first file that needs one. If none can be loaded, that is
 * a note in the evidence.
 */
export const browserCrossCheckOnDemand =
  (options?: BrowserCrossCheckOptions): RunCrossCheck =>
  async (source, evidence, runOptions) => {
    let crossCheck: RunCrossCheck;
    try {
      crossCheck = (await import("./libraries.ts")).sharedRun(options);
    } catch {
      noteNothingLoaded(evidence, runOptions.crossCheck);
      return;
    }
    await crossCheck(source, evidence, runOptions);
  };
