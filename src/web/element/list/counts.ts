import type { Item } from "../session/item.ts";

/** How many files there are in each state that people ask for. */
export const countKeys = [
  "pass",
  "unsure",
  "fail",
  "unchecked",
  "queued",
  "sending",
  "processing",
  "stopped",
  "sent",
] as const;

export type Counts = Record<(typeof countKeys)[number], number>;

export function countOf(items: readonly Item[]): Counts {
  const counts = Object.fromEntries(countKeys.map((key) => [key, 0])) as Counts;
  for (const { stage, report } of items) {
    if (stage === "unreadable") counts.fail++;
    else if (stage in counts) counts[stage as keyof Counts]++;
    else if (stage === "checked" && report) counts[report.verdict]++;
  }
  return counts;
}
