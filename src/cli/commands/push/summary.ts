import type { PushEstimate, PushEvent, PushPlan, PushSummary } from "../../../push/options.ts";
import type { PushTotals } from "../../../push/progress.ts";
import { formatBytes, formatCount, formatNumber } from "../../../report/units.ts";

const plans: Readonly<Record<PushPlan, string>> = {
  reuse: "is registered already and Active: nothing to do",
  wait: "is registered: would wait until Active",
  look: "was sent for registration without an answer: would look for the asset",
  register: "is uploaded: would register it",
  upload: "would upload and register it",
  again: "was Failed before: would register it again",
};

/** What a dry run reports of a file. */
export function planText({ plan, upload }: PushEvent & { kind: "planned" }): string {
  return upload?.isCopy ? `${plans[plan]}, as a fixed copy ${atMost(upload.bytes)}` : plans[plan];
}

const atMost = (bytes: number): string => `(estimate: at most ${formatBytes(bytes)})`;

/** The line that is redrawn during a run. */
export function progressText({ files, bytes, bytesPerSecond, secondsLeft }: PushTotals): string {
  return joined([
    `${files.done}${files.total === null ? "" : ` of ${files.total}`} files`,
    `${formatBytes(bytes)} sent`,
    bytesPerSecond !== null && `${formatBytes(bytesPerSecond)}/s`,
    secondsLeft !== null && `${formatNumber(secondsLeft, 0)} s left`,
  ]);
}

/** What a run did: counts of files; bytes, requests and time. */
export function summaryText(summary: PushSummary): string {
  return summary.estimate === null ? resultText(summary) : dryRunText(summary, summary.estimate);
}

function resultText(summary: PushSummary): string {
  const { active, registered, reused, refused, failed, errors, left, bytes, requests, elapsed } = summary;
  const counts = joined([
    `${active} Active`,
    registered > 0 && `${registered} newly registered`,
    reused > 0 && `${reused} registered already`,
    refused > 0 && `${refused} refused and not sent`,
    failed > 0 && `${failed} Failed`,
    errors > 0 && `${errors} not done`,
    left > 0 && `${left} left`,
  ]);
  return `${formatCount(summary.files, "file")}: ${counts}; ${formatBytes(bytes.sent)} sent, ${formatCount(requests, "request")}, ${formatNumber(elapsed / 1000, 1)} s`;
}

function dryRunText(summary: PushSummary, { bytes, copies, requests, seconds }: PushEstimate): string {
  const { refused, errors, planned } = summary;
  const counts = joined([
    `${planned.upload + planned.again} to upload`,
    planned.register + planned.look > 0 && `${planned.register + planned.look} to register`,
    planned.reuse + planned.wait > 0 && `${planned.reuse + planned.wait} registered already`,
    refused > 0 && `${refused} refused`,
    errors > 0 && `${errors} not checked`,
  ]);
  const estimate = joined([
    `${formatBytes(bytes)} to send`,
    copies.files > 0 &&
      `${formatCount(copies.files, "fixed copy", "fixed copies")} to send ${atMost(copies.maxBytes)}`,
    `at least ${formatCount(requests, "request")}`,
    seconds !== null && `at least ${formatNumber(seconds, 0)} s`,
  ]);
  return `dry run, nothing sent: ${formatCount(summary.files, "file")}: ${counts}; ${estimate}`;
}

function joined(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(", ");
}

/** The last element of JSON output: `{ "summary": … }`. Times in milliseconds, sizes in bytes. */
export function summaryJson({ fatal, ...summary }: PushSummary): object {
  return { summary: { ...summary, fatal: fatal?.toJSON() ?? null } };
}
