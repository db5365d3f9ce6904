import { delay } from "../../async/delay.ts";
import type { Asset } from "../../atlas/types.ts";
import { recordAsset } from "./ledger-fields.ts";
import { type LateRegistration, type RegistrationContext, recoveryTiming } from "./registration-context.ts";

/*
 * An owner that was stopped between its last check of the lease and the write to the service can register a file that
 * another owner has registered by then. It notices when it cannot record its asset. Having claimed the entry again, it
 * moves its asset to the trash, unless the entry has none, or has this one.
 */

/**
 * Resolves what this run registered under a lost lease. To be called with the entry claimed again.
 * @returns the asset, if the entry had none: it has been recorded
 */
export async function resolveLateRegistrations(context: RegistrationContext): Promise<Asset | null> {
  let adopted: Asset | null = null;
  for (const late of context.late) {
    const asset = late.asset ?? (await searchLate(context, late));
    if (!asset || asset.id === context.claim.entry?.id) continue;
    if (context.claim.entry?.id === undefined && context.claim.entry?.step !== "registering") {
      await recordAsset(context.claim, asset, "registered");
      adopted = asset;
    } else if (context.claim.entry.id !== undefined) {
      await trashDuplicate(context, asset);
    }
  }
  return adopted;
}

/** Without an answer, only the upload's own URL shows that an asset is the one that was registered late. */
async function searchLate(
  context: RegistrationContext,
  { url, isOwnUpload }: LateRegistration,
): Promise<Asset | null> {
  // If the entry has no asset, the usual search for a lost registration finds this one, too.
  const recorded = context.claim.entry?.id;
  if (recorded === undefined) return null;
  const { assetList, options } = context;
  try {
    await delay(recoveryTiming(options.recovery).afterRequest, options.signal ?? null);
    const { assets } = await assetList.listAll();
    // The other owner may have registered the same upload: its asset has this URL, too.
    const found = isOwnUpload
      ? assets.find((listed) => listed.url === url && !listed.trashed && listed.asset.id !== recorded)
      : undefined;
    if (found) return found.asset;
  } catch {
    // Reported below, like an asset that is not listed.
  }
  options.onNote?.(
    "another process registered it while this one was stopped; if this one's registration took effect too, there is a second asset of the same name",
  );
  return null;
}

async function trashDuplicate({ atlas, options }: RegistrationContext, { id }: Asset): Promise<void> {
  try {
    await atlas.trashAsset(id, { signal: options.signal });
    options.onNote?.(
      `another process registered it while this one was stopped: moved asset ${id} to the trash`,
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    options.onNote?.(
      `another process registered it while this one was stopped: trash asset ${id}, which is a duplicate (${why})`,
    );
  }
}
