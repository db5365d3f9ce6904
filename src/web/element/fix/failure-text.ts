import type { Report } from "../../../report/report.ts";
import type { FixFailure } from "./fix-state.ts";
import type { FixWords } from "./fix-words.ts";

/** Codes of failures that may not happen a second time. */
const passing: ReadonlySet<string> = new Set([
  "network",
  "timeout",
  "unreadable",
  "no-engine",
  "engine-failed",
]);

export const mayBeTriedAgain = ({ code }: FixFailure): boolean => passing.has(code);

/** Why no copy could be made, in words for users. */
export function failureText({ code, detail }: FixFailure, { facts }: Report, words: FixWords): string {
  const { say } = words;
  if (code === "no-decoder" || code === "no-encoder") {
    // Engines name what the browser lacks: "this browser does not decode HEVC".
    const named = /(?:de|en)code (\S+)$/.exec(detail ?? "")?.[1];
    return say(`fix.${code}`, { codec: named ?? facts.format?.toUpperCase() ?? "" });
  }
  if (code === "no-engine") return say("fix.no-engine");
  if (code === "failed" || code === "engine-failed") return say("fix.failed");
  const known = say(`error.${code}`);
  if (known !== `error.${code}`) return known;
  const reason = words.reason(code, detail);
  return reason === null ? say("fix.failed") : say("fix.cannot", { reason });
}
