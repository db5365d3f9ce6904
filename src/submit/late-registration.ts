import { delay } from "../async/delay.ts";
import type { Asset } from "../atlas/types.ts";
import { recordAsset } from "./record.ts";
import { type LateRegistration, type Registration, recoveryTiming } from "./registration.ts";

/*
 * An owner that was stopped between its last check of the lease and the write to the service can register a file that
 * another owner has registered by then. It notices when it cannot record its asset. Having claimed the entry again, it
 * moves the asset that it made to the trash, unless the entry has none, or has this one.
 */

/**
 * Settles what this run registered under a lost lease. To be called with the entry claimed again.
 * @returns the asset, if the entry had none: it has been recorded
 */
export async function settleLate(work: Registration): Promise<Asset | null> {
  let adopted: Asset | null = null;
  for (const late of work.late) {
    const asset = late.asset ?? (await searchLate(work, late));
    if (!asset || asset.id === work.claim.entry?.id) continue;
    if (work.claim.entry?.id === undefined && work.claim.entry?.step !== "registering") {
      await recordAsset(work.claim, asset, "registered");
      adopted = asset;
    } else if (work.claim.entry.id !== undefined) {
      await trashDuplicate(work, asset);
    }
  }
  return adopted;
}

/** Without an answer, only the upload's own URL shows that an asset is the one that was made late. */
async function searchLate(work: Registration, { url, own }: LateRegistration): Promise<Asset | null> {
  // If the entry has no asset, the usual search for a lost registration finds this one, too.
  const recorded = work.claim.entry?.id;
  if (recorded === undefined) return null;
  const { assetList, options } = work;
  try {
    await delay(recoveryTiming(options.recovery).settle, options.signal ?? null);
    const { assets } = await assetList.look();
    // The other owner may have registered the same upload: its asset has this URL, too.
    const found = own
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

async function trashDuplicate({ atlas, options }: Registration, { id }: Asset): Promise<void> {
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
