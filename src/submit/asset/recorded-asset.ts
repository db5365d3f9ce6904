import type { Asset, AtlasClient } from "../../atlas/types.ts";
import { assetTypes } from "../../atlas/types.ts";
import type { LedgerEntry } from "../../ledger/entry.ts";
import type { SubmitOptions } from "../options.ts";
import type { RegistrationContext } from "../registration/registration-context.ts";
import { SubmitError } from "../submit-error.ts";
import { isGeneratedFor, looksGenerated } from "./asset-name.ts";
import { failedBefore } from "./failed-asset.ts";
import { goneAsset } from "./gone-asset.ts";

/** What a finished entry leads to. */
export type RecordedAsset =
  | { outcome: "use"; asset: Asset }
  /** The user wants it registered again. */
  | { outcome: "register-again" };

/**
 * The recorded asset as the service has it now, fetched once and compared with the entry: the ledger may come from
 * anywhere, and assets can be deleted in the service's console. A Failed one is returned; the caller reports it.
 * @throws SubmitError `asset-gone`, `asset-mismatch`; `asset-failed` if there is no id to fetch
 */
export async function recordedAsset(
  context: RegistrationContext,
  again: NonNullable<SubmitOptions["again"]>,
): Promise<RecordedAsset> {
  const entry = context.claim.entry as LedgerEntry;
  const { id } = entry;
  if (id === undefined) {
    if (again.includes("failed")) return { outcome: "register-again" };
    throw failedBefore(entry, context.report);
  }
  const asset = await fetchAsset(context.atlas, id, context.options.signal ?? null);
  const gone = asset === null ? "is gone" : (await isInTrash(context, asset)) ? "is in the trash" : null;
  const mismatch = asset === null ? null : mismatchOf(asset, context);
  if (asset === null || gone || mismatch) {
    if (again.includes("gone")) return { outcome: "register-again" };
    throw gone
      ? goneAsset(context.report, { id, asset, why: gone })
      : assetMismatch(context, id, asset, mismatch);
  }
  if (asset.status === "failed" && again.includes("failed")) return { outcome: "register-again" };
  return { outcome: "use", asset };
}

/**
 * How the service's answer disagrees with the entry, or null. The type must be the entry's. The name must carry this
 * content's hash, unless the entry is trusted: then another name may be the user's, now or by renaming.
 */
function mismatchOf({ type, name }: Asset, { claim, nameHash }: RegistrationContext): string | null {
  const wanted = assetTypes[claim.key.type];
  if (type !== null && type !== wanted) return `is ${type}, not ${wanted}`;
  if (name !== null && isGeneratedFor(name, nameHash)) return null;
  if (!claim.trusted)
    return name === null ? "has no name that proves it" : `is named ${JSON.stringify(name)}`;
  const foreign = name !== null && looksGenerated(name) && name !== claim.entry?.assetName;
  return foreign ? `is named ${JSON.stringify(name)}` : null;
}

async function isInTrash({ assetList }: RegistrationContext, asset: Asset): Promise<boolean> {
  return showsTrashed(asset) || (await assetList.listTrashedIds()).has(asset.id);
}

function assetMismatch(
  { report }: RegistrationContext,
  id: string,
  asset: Asset | null,
  why: string | null,
): SubmitError {
  return new SubmitError(
    "asset-mismatch",
    `the ledger says that it was registered as asset ${id}, but that asset ${why}`,
    {
      report,
      asset,
      id,
      hint: 'do not trust this ledger entry; push the file with --again gone (in code: again: ["gone"]) to register it again',
    },
  );
}

async function fetchAsset(atlas: AtlasClient, id: string, signal: AbortSignal | null): Promise<Asset | null> {
  try {
    return await atlas.getAsset(id, { signal });
  } catch (error) {
    if ((error as { code?: unknown }).code === "not-found-upstream") return null;
    throw error;
  }
}

/** Services differ in how they show a soft-deleted record, if they show it at all. */
function showsTrashed({ raw, rawStatus }: Asset): boolean {
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
