import type { Asset } from "../atlas/types.ts";
import { sha256OfText } from "../bytes/sha256.ts";
import { type EntryProgress, type LedgerEntry, withoutQuery } from "../ledger/entry.ts";
import type { LedgerClaim } from "../ledger/ledger.ts";
import type { AssetName } from "./asset-name.ts";

/** A URL that is ready to be registered. */
export interface Source extends AssetName {
  url: string;
  /** ISO 8601, in the ledger's time; null for a URL that the user gave. */
  uploadedAt: string | null;
}

/** How the file was checked: recorded with every step, so that a change of limits can be analysed later. */
export type CheckRecord = Pick<EntryProgress, "checkedAt" | "rules" | "rulesVersion">;

/** Records an asset's ids and its state. */
export async function recordAsset(
  claim: LedgerClaim,
  asset: Asset,
  step: "registered" | "active" | "failed",
): Promise<void> {
  const { url, urlSha256, uploadedAt, assetName, namedBy, formerIds } = claim.entry as LedgerEntry;
  await claim.record({
    step,
    ...checkRecordOf(claim.entry),
    ...{ url, urlSha256, uploadedAt, assetName, namedBy, formerIds },
    id: asset.id,
    atlasAssetId: asset.atlasAssetId ?? undefined,
    arkAssetId: asset.arkAssetId ?? undefined,
    uri: asset.uri ?? undefined,
    errorCode: step === "failed" ? (asset.errorCode ?? undefined) : undefined,
  });
}

/** What is recorded of a URL: never its query. */
export function sourceFields(
  entry: LedgerEntry | null,
  source: Source,
  check: CheckRecord,
): Omit<EntryProgress, "step" | "at"> {
  const url = withoutQuery(source.url);
  return {
    ...check,
    url,
    urlSha256: url === source.url ? undefined : sha256OfText(source.url),
    uploadedAt: source.uploadedAt ?? undefined,
    assetName: source.assetName,
    namedBy: source.namedBy,
    formerIds: entry?.formerIds,
  };
}

export function checkRecordOf(entry: LedgerEntry | null): CheckRecord {
  return { checkedAt: entry?.checkedAt, rules: entry?.rules, rulesVersion: entry?.rulesVersion };
}
