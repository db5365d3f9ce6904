import { delay } from "../async/delay.ts";
import type { Asset, AtlasClient, ListEnd } from "../atlas/types.ts";
import { Stopwatch } from "../ledger/store-clock.ts";
import { type ListedAsset, type Listing, listedAs } from "./reconcile.ts";

/** The service's lists, shared by all files of a run that need them at about the same time. */
export interface AssetList {
  /** All assets and the trash; the listing begins after this call. */
  look(): Promise<Listing>;
  /** Ids in the trash, listed at most a minute ago; empty if the service has no trash to list. */
  trash(): Promise<ReadonlySet<string>>;
}

/** Calls within this time share one listing. */
const gatherInMilliseconds = 50;
const trashLifetimeInMilliseconds = 60_000;

export function createAssetList(
  client: Pick<AtlasClient, "listAssets" | "listTrash">,
  signal: AbortSignal | null = null,
): AssetList {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Listing> | null = null;
  let trash: { listed: Stopwatch; ids: Promise<ReadonlySet<string>> } | null = null;
  return {
    look() {
      // A listing under way may have passed the place already: callers get the one after it.
      next ??= running
        .catch(() => {})
        .then(() => delay(gatherInMilliseconds, null))
        .then(() => {
          next = null;
          return listEverything(client, signal);
        });
      running = next;
      return next;
    },
    trash() {
      if (!trash || trash.listed.longest() > trashLifetimeInMilliseconds) {
        const current = { listed: new Stopwatch(), ids: listTrashIds(client, signal) };
        trash = current;
        current.ids.catch(() => {
          if (trash === current) trash = null;
        });
      }
      return trash.ids;
    },
  };
}

async function listEverything(
  client: Pick<AtlasClient, "listAssets" | "listTrash">,
  signal: AbortSignal | null,
): Promise<Listing> {
  // A service may list what is in the trash among the others, too.
  const found = new Map<string, ListedAsset>();
  const allAssets = await readList(client.listAssets({ signal }), (asset) =>
    found.set(asset.id, listedAs(asset, false)),
  );
  const allTrash = await readList(client.listTrash({ signal }), (asset) =>
    found.set(asset.id, listedAs(asset, true)),
  );
  return { assets: [...found.values()], complete: allAssets && allTrash };
}

/** Whether the list ended where the service's own count says. A client that does not tell is believed. */
async function readList(
  assets: AsyncIterable<Asset, unknown>,
  visit: (asset: Asset) => unknown,
): Promise<boolean> {
  const iterator = assets[Symbol.asyncIterator]();
  for (;;) {
    const step = await iterator.next();
    if (step.done) return step.value === undefined || (step.value as ListEnd).missing === 0;
    visit(step.value);
  }
}

async function listTrashIds(
  client: Pick<AtlasClient, "listTrash">,
  signal: AbortSignal | null,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  try {
    for await (const { id } of client.listTrash({ signal })) ids.add(id);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== "not-found-upstream" && code !== "unauthorized") throw error;
  }
  return ids;
}
