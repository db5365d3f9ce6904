import type { Asset } from "../../atlas/types.ts";
import { sha256OfText } from "../../bytes/sha256.ts";
import { type EntryProgress, type LedgerEntry, originAndPath } from "../../ledger/entry.ts";
import type { LedgerClaim } from "../../ledger/ledger.ts";
import type { AssetName } from "../asset/asset-name.ts";
import type { BucketObject } from "../input/submit-file.ts";

/** A URL that is ready to be registered. */
export interface UrlToRegister extends AssetName {
  /** Of an object in the user's bucket: without a signature. */
  url: string;
  /** The object in the user's bucket, if it is one: it is registered by an address signed at that moment. */
  object?: BucketObject | undefined;
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
  const { url, storageKey, urlSha256, uploadedAt, assetName, namedBy, formerIds } =
    claim.entry as LedgerEntry;
  await claim.record({
    step,
    ...checkRecordOf(claim.entry),
    ...{ url, storageKey, urlSha256, uploadedAt, assetName, namedBy, formerIds },
    id: asset.id,
    atlasAssetId: asset.atlasAssetId ?? undefined,
    arkAssetId: asset.arkAssetId ?? undefined,
    uri: asset.uri ?? undefined,
    errorCode: step === "failed" ? (asset.errorCode ?? undefined) : undefined,
  });
}

/**
 * What is recorded of a URL: never its query.
 * @param sent the exact URL, if it is another: the signed address of an object
 */
export function urlFields(
  entry: LedgerEntry | null,
  source: UrlToRegister,
  check: CheckRecord,
  sent: string = source.url,
): Omit<EntryProgress, "step" | "at"> {
  const url = originAndPath(sent);
  return {
    ...check,
    url,
    storageKey: source.object?.key,
    urlSha256: url === sent ? undefined : sha256OfText(sent),
    uploadedAt: source.uploadedAt ?? undefined,
    assetName: source.assetName,
    namedBy: source.namedBy,
    formerIds: entry?.formerIds,
  };
}

export function checkRecordOf(entry: LedgerEntry | null): CheckRecord {
  return { checkedAt: entry?.checkedAt, rules: entry?.rules, rulesVersion: entry?.rulesVersion };
}
