import { delay } from "../async/delay.ts";
import type { Asset, AtlasClient } from "../atlas/types.ts";
import { withoutQueryOf } from "../submit/reconcile.ts";

/** Milliseconds before each look: a slow request may take effect after its answer was given up. */
const looks = [0, 2000];
/** Newest first, a registration of seconds ago is among these. */
const mostAssets = 300;

/**
 * Looks for a registration whose answer was lost by its address: each upload has its own. Null: not seen, which
 * proves nothing.
 */
export async function findRegistered(atlas: AtlasClient, url: string): Promise<Asset | null> {
  const wanted = withoutQueryOf(url);
  for (const wait of looks) {
    await delay(wait, null);
    try {
      let seen = 0;
      for await (const asset of atlas.listAssets({ pageSize: 100 })) {
        if (asset.url !== null && withoutQueryOf(asset.url) === wanted) return asset;
        seen += 1;
        if (seen === mostAssets) break;
      }
    } catch {
      // No look is no proof either.
    }
  }
  return null;
}
