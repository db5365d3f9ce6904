import type { Asset, AtlasClient } from "../atlas/types.ts";
import { assetTypes } from "../atlas/types.ts";
import type { LedgerEntry } from "../ledger/entry.ts";
import type { Report } from "../report/report.ts";
import type { AssetList } from "./asset-list.ts";
import type { SubmitOptions } from "./options.ts";
import { SubmitError } from "./submit-error.ts";

/**
 * A recorded asset as the service has it now, looked up once: the ledger may have come from anywhere, and a
 * console has a delete button. Null: the user wants it registered anew.
 * A Failed one is returned, for the caller to say so.
 * @throws SubmitError `asset-gone`; `asset-failed` where there is no record to look up
 */
export async function recordedAsset(
  entry: LedgerEntry,
  report: Report,
  assetList: AssetList,
  options: Pick<SubmitOptions, "atlas" | "again" | "signal">,
): Promise<Asset | null> {
  const again = options.again ?? [];
  const { id } = entry;
  if (id === undefined) {
    // A Failed entry whose record was never known cannot be looked up.
    if (again.includes("failed")) return null;
    throw new SubmitError(
      "asset-failed",
      `the service judged it Failed before: ${entry.errorCode ?? "no code"}`,
      {
        report,
        upstreamCode: entry.errorCode ?? null,
      },
    );
  }
  const asset = await lookUp(options.atlas, id, options.signal ?? null);
  const why = !asset
    ? "is gone"
    : isTrashed(asset) || (await assetList.trash()).has(id)
      ? "is in the trash"
      : asset.type !== null && asset.type !== assetTypes[entry.type]
        ? `is ${asset.type}, not ${assetTypes[entry.type]}`
        : null;
  if (why || !asset) {
    if (again.includes("gone")) return null;
    throw new SubmitError("asset-gone", `it was registered as asset ${id}, which ${why}`, {
      report,
      asset,
      id,
      hint: `restore it (media-preflight assets restore ${id}); or push it with --again gone (in code: again: ["gone"]) to have it registered anew`,
    });
  }
  return asset.status === "failed" && again.includes("failed") ? null : asset;
}

async function lookUp(atlas: AtlasClient, id: string, signal: AbortSignal | null): Promise<Asset | null> {
  try {
    return await atlas.getAsset(id, { signal });
  } catch (error) {
    if ((error as { code?: unknown }).code === "not-found-upstream") return null;
    throw error;
  }
}

/** Services differ in how they show a soft-deleted record, if they show it. */
function isTrashed({ raw, rawStatus }: Asset): boolean {
  if (/^(?:trash(?:ed)?|deleted|removed)$/i.test(rawStatus ?? "")) return true;
  return ["deleted_at", "trashed_at", "deleted", "is_deleted", "trashed", "in_trash"].some(
    (field) =>
      raw[field] !== undefined &&
      raw[field] !== null &&
      raw[field] !== false &&
      raw[field] !== 0 &&
      raw[field] !== "",
  );
}
