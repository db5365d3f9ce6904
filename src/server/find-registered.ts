import { delay } from "../async/delay.ts";
import { AtlasError } from "../atlas/error.ts";
import type { Asset, AtlasClient } from "../atlas/types.ts";
import { withoutQueryOf } from "../submit/reconcile.ts";

/** Milliseconds before each look: a slow request may take effect after its response was given up. */
const delays = [0, 2000];
/** The list begins with the newest; a registration of minutes ago is among these. */
const maxAssets = 300;

/**
 * Looks for a registration whose response was lost, by the upload's URL, which is unique. Null: not seen, which proves
 * nothing.
 */
export async function findLostRegistration(atlas: AtlasClient, url: string): Promise<Asset | null> {
  for (const wait of delays) {
    await delay(wait, null);
    // A look that failed proves nothing either.
    const asset = await findByUrl(atlas, url).catch(() => null);
    if (asset) return asset;
  }
  return null;
}

/**
 * The asset that was registered with this upload by another server, if the service lists it.
 * @throws AtlasError `network` if the list cannot be fetched: registering blindly could do it twice
 */
export async function findRegisteredElsewhere(atlas: AtlasClient, url: string): Promise<Asset | null> {
  try {
    return await findByUrl(atlas, url);
  } catch (cause) {
    throw new AtlasError("network", "could not fetch the asset list", {
      cause,
      retryable: true,
      outcome: "none",
    });
  }
}

async function findByUrl(atlas: AtlasClient, url: string): Promise<Asset | null> {
  const wanted = withoutQueryOf(url);
  let seen = 0;
  for await (const asset of atlas.listAssets({ pageSize: 100 })) {
    if (asset.url !== null && withoutQueryOf(asset.url) === wanted) return asset;
    seen += 1;
    if (seen === maxAssets) break;
  }
  return null;
}
