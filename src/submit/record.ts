import type { Asset } from "../atlas/types.ts";
import { sha256OfText } from "../bytes/sha256.ts";
import { type LedgerEntry, type Progressed, withoutQuery } from "../ledger/entry.ts";
import type { LedgerClaim } from "../ledger/ledger.ts";
import type { AssetName } from "./asset-name.ts";

/** An address, ready to be registered. */
export interface Source extends AssetName {
  url: string;
  /** ISO 8601; when an upload's own address was made; null for an address the user gave. */
  uploadedAt: string | null;
}

export const timestamp = (): string => new Date().toISOString();

/** Writes an asset's ids, and what became of it. */
export async function recordAsset(
  claim: LedgerClaim,
  asset: Asset,
  step: "registered" | "active" | "failed",
): Promise<void> {
  const { url, urlSha256, uploadedAt, name, namedBy, formerIds } = claim.entry as LedgerEntry;
  await claim.record({
    step,
    at: timestamp(),
    url,
    urlSha256,
    uploadedAt,
    name,
    namedBy,
    formerIds,
    id: asset.id,
    atlasAssetId: asset.atlasAssetId ?? undefined,
    arkAssetId: asset.arkAssetId ?? undefined,
    uri: asset.uri ?? undefined,
    errorCode: step === "failed" ? (asset.errorCode ?? undefined) : undefined,
  });
}

/** What is written of an address: never its query. */
export function about(entry: LedgerEntry | null, source: Source): Omit<Progressed, "step" | "at"> {
  const url = withoutQuery(source.url);
  return {
    url,
    urlSha256: url === source.url ? undefined : sha256OfText(source.url),
    uploadedAt: source.uploadedAt ?? undefined,
    name: source.name,
    namedBy: source.namedBy,
    formerIds: entry?.formerIds,
  };
}
