import type { Asset, AtlasClient, ListEnd } from "../atlas/types.ts";
import { type Listed, type Listing, listedAs } from "./reconcile.ts";

/** Looks at the service's lists, shared by all files of a run that look at about the same time. */
export interface AssetList {
  /** All assets and the trash, listed after this call. */
  look(): Promise<Listing>;
  /** Ids in the trash, listed at most a minute ago; empty where the service has no trash to list. */
  trash(): Promise<ReadonlySet<string>>;
}

const gatherInMilliseconds = 50;
const trashLastsInMilliseconds = 60_000;

/** Whether the service's own list ended there. A client that does not say is believed. */
async function each(
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

export function createAssetList(
  client: Pick<AtlasClient, "listAssets" | "listTrash">,
  signal: AbortSignal | null = null,
): AssetList {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Listing> | null = null;
  let trash: { at: number; ids: Promise<ReadonlySet<string>> } | null = null;

  async function list(): Promise<Listing> {
    // A service may list what is in the trash among the others, too.
    const found = new Map<string, Listed>();
    const there = await each(client.listAssets({ signal }), (a) => found.set(a.id, listedAs(a, false)));
    const trashed = await each(client.listTrash({ signal }), (a) => found.set(a.id, listedAs(a, true)));
    return { assets: [...found.values()], whole: there && trashed };
  }

  async function listTrashIds(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    try {
      for await (const { id } of client.listTrash({ signal })) ids.add(id);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== "not-found-upstream" && code !== "unauthorized") throw error;
    }
    return ids;
  }

  return {
    look() {
      if (next) return next;
      // A list that is under way may have passed the place already: those who come now get the one after it.
      const look = running
        .catch(() => {})
        .then(() => new Promise((resolve) => setTimeout(resolve, gatherInMilliseconds)))
        .then(() => {
          next = null;
          return list();
        });
      next = look;
      running = look;
      return look;
    },
    trash() {
      if (!trash || Date.now() - trash.at > trashLastsInMilliseconds) {
        const ids = listTrashIds();
        const mine = { at: Date.now(), ids };
        trash = mine;
        ids.catch(() => {
          if (trash === mine) trash = null;
        });
      }
      return trash.ids;
    },
  };
}
