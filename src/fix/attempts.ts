import type { Report } from "../report/report.ts";
import type { Attempt } from "./plan/types.ts";

/** Attempts at one file: each learns from what the last one's output lacked. */
export const mostAttempts = 5;

/** The next attempt after an output that does not pass, or null where another one would be the same. */
export function nextAttempt(
  last: Attempt,
  lossless: boolean,
  failed: { report: Report | null; differences: readonly string[] },
): Attempt | null {
  const blocking = (failed.report?.findings ?? []).filter(
    (f) => f.verdict === "fail" || f.verdict === "unsure",
  );
  const rules = new Set(blocking.map(({ rule }) => rule.split("/")[1]));
  if (rules.has("size") || rules.has("bit-rate")) return { ...last, encode: true, bytes: last.bytes * 0.7 };
  // Copied packets end where the source's frames do.
  if (rules.has("duration") && last.slack < 0.3) return { ...last, slack: last.slack + 0.15 };
  if (lossless && !last.encode) return { ...last, encode: true };
  return null;
}
