import type { Asset } from "../../atlas/types.ts";
import type { LedgerEntry } from "../../ledger/entry.ts";
import type { Report } from "../../report/report.ts";
import { SubmitError } from "../submit-error.ts";

/**
 * The error for an asset that the service set to Failed although it passed here: with the local report, the service's
 * code, and the local rule that should have caught it, so that a changed limit is noticed.
 */
export async function failedAsset(asset: Asset, report: Report): Promise<SubmitError> {
  const code = asset.errorCode;
  const reason = [code, asset.errorMessage].filter(Boolean).join(": ") || "no reason given";
  const { explainUpstream } = await import("../../report/explain/upstream.ts");
  const known = code === null ? null : explainUpstream(code);
  const rule = known?.rule ? `${report.type ?? "file"}/${known.rule}` : null;
  const passed = rule
    ? `; ${rule} passed here: the limit may have changed, or the value was read differently`
    : "";
  return new SubmitError("asset-failed", `the service set asset ${asset.id} to Failed: ${reason}${passed}`, {
    report,
    asset,
    rule,
    hint: known ? `${known.meaning} ${known.cure}` : "ask the service, with this id",
  });
}

/** The error for an asset that an earlier run recorded as Failed. */
export function failedBefore({ id, errorCode }: LedgerEntry, report: Report): SubmitError {
  return new SubmitError("asset-failed", `the service set it to Failed before: ${errorCode ?? "no code"}`, {
    report,
    id,
    upstreamCode: errorCode,
  });
}
