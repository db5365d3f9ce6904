import type { AssetType } from "../atlas/types.ts";
import type { StoredAsset } from "./store.ts";
import type { Toggles } from "./toggles.ts";
import { numericCode } from "./validation/codes.ts";

export const assetTypeNames: readonly AssetType[] = ["Image", "Video", "Audio"];

/** Processing until its time has passed and it is validated. */
export function statusOf(asset: StoredAsset, toggles: Toggles): "Processing" | "Active" | "Failed" {
  if (toggles.stuckProcessing || asset.outcome === null || Date.now() < asset.readyAt) return "Processing";
  return asset.outcome.status;
}

/** An asset as JSON. */
export function assetOnWire(asset: StoredAsset, toggles: Toggles): Record<string, unknown> {
  const status = statusOf(asset, toggles);
  const wire: Record<string, unknown> = { id: asset.id };
  if (!toggles.onlyId) {
    wire.atlas_asset_id = asset.atlasAssetId;
    wire.ark_asset_id = asset.arkAssetId;
  }
  wire.status = toggles.lowerCaseStatus ? status.toLowerCase() : status;
  wire.type = asset.type;
  if (!toggles.bareAssets) {
    wire.name = asset.name;
    wire.url = asset.url;
  }
  wire.created_at = asset.createdAt;
  if (status === "Failed" && asset.outcome?.status === "Failed") {
    const { code, message } = asset.outcome;
    wire.error_code = toggles.numericErrorCodes ? numericCode(code) : code;
    wire.error_message = message;
  }
  return wire;
}

/** One page of assets, newest first. Page numbers count from 1. */
export function pageOnWire(
  assets: readonly StoredAsset[],
  query: { page: number; size: number },
  toggles: Toggles,
): Record<string, unknown> {
  const sorted = assets.toSorted((a, b) => b.id - a.id);
  const start = (query.page - 1) * query.size;
  const from = toggles.repeatItems && start > 0 ? start - 1 : start;
  const items = sorted.slice(from, start + query.size).map((asset) => assetOnWire(asset, toggles));
  return {
    [toggles.listKey]: toggles.itemsNull && items.length === 0 ? null : items,
    total_count: sorted.length,
    page_number: query.page,
    page_size: query.size,
  };
}

/** Whether one of the asset's three ids is this one. */
export function matches(asset: StoredAsset, id: string | undefined): boolean {
  return id === String(asset.id) || id === asset.atlasAssetId || id === asset.arkAssetId;
}
