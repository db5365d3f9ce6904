import { delay } from "../../async/delay.ts";
import { AtlasError } from "../../atlas/error.ts";
import type { Asset, AtlasClient } from "../../atlas/types.ts";
import { cutQuery } from "../../submit/registration/search-policy.ts";

/** Milliseconds before each search: a slow request may take effect after its timeout. */
const delays = [0, 2000];
/** The list begins with the newest asset: a registration of minutes ago is among these. */
const maxAssets = 300;

/**
 * Searches for a registration whose response was lost, by the upload's URL, which is unique. Null: it is not among the
 * newest assets, which proves nothing.
 */
export async function lookForUploadUrl(atlas: AtlasClient, url: string): Promise<Asset | null> {
  for (const wait of delays) {
    await delay(wait, null);
    // A search that failed proves nothing either.
    const asset = await findByUrl(atlas, url).catch(() => null);
    if (asset) return asset;
  }
  return null;
}

/**
 * The asset that was registered with this upload by another server, if the service lists it.
 * @throws AtlasError `network` if the list cannot be fetched: registering blindly could do it twice
 */
export async function findUploadUrl(atlas: AtlasClient, url: string): Promise<Asset | null> {
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
  const wanted = cutQuery(url);
  let seen = 0;
  for await (const asset of atlas.listAssets({ pageSize: 100 })) {
    if (asset.url !== null && cutQuery(asset.url) === wanted) return asset;
    seen += 1;
    if (seen === maxAssets) break;
  }
  return null;
}
