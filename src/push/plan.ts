import { keyText, type LedgerEntry } from "../ledger/entry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Report } from "../report/report.ts";
import { checkFile, entryKey } from "../submit/check-input.ts";
import type { RunOptions, SubmitOptions, SubmitPlatform } from "../submit/options.ts";
import { SubmitError } from "../submit/submit-error.ts";
import type { PushPlan } from "./options.ts";

/**
 * What a dry run does with a file: it is checked, and what the ledger has of it says what would be done.
 * @param again what the user wants registered anew
 */
export function planner<Input>(
  platform: SubmitPlatform<Input>,
  ledger: Ledger,
  again: NonNullable<SubmitOptions["again"]>,
): (input: Input, options: SubmitOptions & RunOptions) => Promise<{ plan: PushPlan; report: Report }> {
  const plans = new Set<string>();
  let recorded: Promise<Map<string, LedgerEntry>> | null = null;
  const entriesByKey = (): Promise<Map<string, LedgerEntry>> => {
    recorded ??= ledger.entries().then((all) => new Map(all.map((entry) => [keyText(entry), entry])));
    return recorded;
  };

  return async (input, options) => {
    const checked = await checkFile(platform, input, options, true);
    if (!checked) throw new SubmitError("changed", "it changed while it was checked", { retryable: true });
    const { report, probed } = checked;
    const key = keyText(entryKey(checked, options));
    const entry = (await entriesByKey()).get(key);
    if (plans.has(key)) return { plan: "reuse", report };
    plans.add(key);
    const known = probed === null || probed.etag !== null ? entry?.step : undefined;
    if (entry?.step === "registering") return { plan: "look", report };
    if (known === "active") return { plan: "reuse", report };
    if (known === "registered") return { plan: "wait", report };
    if (known === "uploaded") return { plan: "register", report };
    if (known !== "failed") return { plan: "upload", report };
    if (again.includes("failed")) return { plan: "again", report };
    throw new SubmitError(
      "asset-failed",
      `the service judged it Failed before: ${entry?.errorCode ?? "no code"}`,
      {
        report,
        id: entry?.id ?? null,
        upstreamCode: entry?.errorCode ?? null,
      },
    );
  };
}
