import type { AtlasClient } from "../atlas/types.ts";
import { type Listed, listedAs } from "./reconcile.ts";

/** Looks at the service's lists, shared by all files of a run that look at about the same time. */
export interface Survey {
  /** All assets and the trash, listed after this call. */
  look(): Promise<readonly Listed[]>;
  /** Ids in the trash, listed at most a minute ago; empty where the service has no trash to list. */
  trash(): Promise<ReadonlySet<string>>;
}

const gatherInMilliseconds = 50;
const trashLastsInMilliseconds = 60_000;

export function createSurvey(
  client: Pick<AtlasClient, "listAssets" | "listTrash">,
  signal: AbortSignal | null = null,
): Survey {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<readonly Listed[]> | null = null;
  let trash: { at: number; ids: Promise<ReadonlySet<string>> } | null = null;

  async function list(): Promise<readonly Listed[]> {
    // A service may list what is in the trash among the others, too.
    const found = new Map<string, Listed>();
    for await (const asset of client.listAssets({ signal })) found.set(asset.id, listedAs(asset, false));
    for await (const asset of client.listTrash({ signal })) found.set(asset.id, listedAs(asset, true));
    return [...found.values()];
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
