import type { Asset, AtlasClient } from "../../../atlas/types.ts";
import { MediaPreflightError } from "../../../errors.ts";

/**
 * The service's ids of assets that are named by id or by their asset:// URI, as push prints it: requests take only the
 * id. URIs are looked up in the list of assets, or in the trash.
 * @throws MediaPreflightError `not-found`
 */
export async function idsOf(
  names: readonly string[],
  atlas: AtlasClient,
  { inTrash, signal }: { inTrash: boolean; signal: AbortSignal },
): Promise<string[]> {
  const wanted = new Set(names.filter(isUri));
  const found = new Map<string, string>();
  if (wanted.size > 0)
    for await (const asset of inTrash ? atlas.listTrash({ signal }) : atlas.listAssets({ signal })) {
      for (const uri of urisOf(asset)) if (wanted.has(uri)) found.set(uri, asset.id);
      if (found.size === wanted.size) break;
    }
  return names.map((name) => {
    if (!isUri(name)) return name;
    const id = found.get(name);
    if (id !== undefined) return id;
    const place = inTrash ? "the trash" : "the list of assets";
    throw new MediaPreflightError("not-found", `${name} is not in ${place}`, {
      hint: `see media-preflight assets ${inTrash ? "list-trash" : "list"}, with the key of the account that registered it`,
    });
  });
}

const isUri = (name: string): boolean => name.startsWith("asset://");

/** An asset has one URI; the service's guide shows others of its ids in that place too. */
function urisOf({ uri, atlasAssetId, arkAssetId }: Asset): string[] {
  return [uri, ...[atlasAssetId, arkAssetId].map((id) => id && `asset://${id}`)].filter(
    (one) => typeof one === "string" && one !== "",
  ) as string[];
}
