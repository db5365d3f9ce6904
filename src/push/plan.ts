import { keyText, type LedgerEntry } from "../ledger/entry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Report } from "../report/report.ts";
import { failedBefore } from "../submit/asset/failed-asset.ts";
import { type CheckedInput, checkInput } from "../submit/check-input.ts";
import { entryKey } from "../submit/entry-key.ts";
import type { SubmitPlatform } from "../submit/input/submit-file.ts";
import type { SubmitHooks, SubmitOptions } from "../submit/options.ts";
import { SubmitError } from "../submit/submit-error.ts";
import type { PlannedUpload, PushPlan } from "./options.ts";

/** What would be done with one file. */
export interface PlannedPush {
  plan: PushPlan;
  report: Report;
  upload: PlannedUpload | null;
}

/**
 * What a dry run does with a file: it is checked, and its ledger entry says what would be done.
 * @param again which recorded files the user wants to register again
 */
export function planner<Input>(
  platform: SubmitPlatform<Input>,
  ledger: Ledger,
  again: NonNullable<SubmitOptions["again"]>,
): (input: Input, options: SubmitOptions & SubmitHooks) => Promise<PlannedPush> {
  const planned = new Set<string>();
  return async (input, options) => {
    const result = await checkInput(platform, input, options, true);
    if (result.outcome === "file-changed")
      throw new SubmitError("changed", "it changed while it was checked", { retryable: true });
    const { report, probed } = result.checked;
    const key = entryKey(result.checked, options);
    const entry = await ledger.get(key);
    if (planned.has(keyText(key))) return { plan: "reuse", report, upload: null };
    planned.add(keyText(key));
    const plan = planFor(entry, probed === null || probed.etag !== null, again, report);
    const uploads = plan === "upload" || plan === "again";
    return { plan, report, upload: uploads ? uploadOf(result.checked) : null };
  };
}

/** What is sent of a file; null for a URL and an object in the bucket, which are registered as they are. */
function uploadOf({ file, report }: CheckedInput): PlannedUpload | null {
  if (file.url !== null || file.object) return null;
  const copy = file.copyMaxBytes?.() ?? null;
  return { bytes: copy ?? report.facts.bytes ?? 0, isCopy: copy !== null };
}

/** @param reusable whether an earlier asset of this content may be used */
function planFor(
  entry: LedgerEntry | null,
  reusable: boolean,
  again: NonNullable<SubmitOptions["again"]>,
  report: Report,
): PushPlan {
  if (entry?.step === "registering") return "look";
  if (entry === null || !reusable) return "upload";
  switch (entry.step) {
    case "active":
      return "reuse";
    case "registered":
      return "wait";
    case "uploaded":
      return "register";
    case "failed":
      if (again.includes("failed")) return "again";
      throw failedBefore(entry, report);
    default:
      return "upload";
  }
}
