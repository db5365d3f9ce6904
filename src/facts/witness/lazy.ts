import type { Consult } from "./wanted.ts";
import type { BrowserWitnessOptions } from "./witnesses.ts";

/**
 * Asks witnesses in a page; nothing of theirs is loaded before the first one is wanted. What cannot be loaded is a
 * note in the evidence.
 */
export const consultInBrowser =
  (options?: BrowserWitnessOptions): Consult =>
  async (source, evidence, asked) => {
    let consult: Consult;
    try {
      consult = (await import("./witnesses.ts")).sharedConsult(options);
    } catch {
      evidence.witnessNotes.push({ witness: "all", why: "they are not installed or cannot be loaded" });
      return;
    }
    await consult(source, evidence, asked);
  };
