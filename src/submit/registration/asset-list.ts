import { delay } from "../../async/delay.ts";
import { Stopwatch } from "../../async/stopwatch.ts";
import type { Asset, AssetType, AtlasClient, ListEnd } from "../../atlas/types.ts";

/** The fields of a listed asset that are used. */
export interface ListedAsset {
  id: string;
  type: AssetType | null;
  name: string | null;
  url: string | null;
  trashed: boolean;
  /** Creation time in milliseconds since 1970 by the service's clock, if the service reports it. */
  createdAt: number | null;
  asset: Asset;
}

/** One complete read of the service's lists. */
export interface Listing {
  assets: readonly ListedAsset[];
  /** Whether they have as many entries as the service counts. */
  complete: boolean;
}

/** The service's lists, shared by all files of a run that need them at about the same time. */
export interface AssetList {
  /** All assets and the trash; the listing begins after this call. */
  listAll(): Promise<Listing>;
  /** Ids in the trash, listed at most a minute ago; empty if the service has no trash to list. */
  listTrashedIds(): Promise<ReadonlySet<string>>;
}

/** Calls within this time share one listing. */
const batchWindowInMilliseconds = 50;
const trashLifetimeInMilliseconds = 60_000;

export function createAssetList(
  client: Pick<AtlasClient, "listAssets" | "listTrash">,
  signal: AbortSignal | null = null,
): AssetList {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Listing> | null = null;
  let trash: { listed: Stopwatch; ids: Promise<ReadonlySet<string>> } | null = null;
  return {
    listAll() {
      // A listing under way may be past the asset's position already: callers get the next one.
      next ??= running
        .catch(() => {})
        .then(() => delay(batchWindowInMilliseconds, null))
        .then(() => {
          next = null;
          return listEverything(client, signal);
        });
      running = next;
      return next;
    },
    listTrashedIds() {
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
  // A service may list trashed assets among the others, too.
  const found = new Map<string, ListedAsset>();
  const allAssets = await readList(client.listAssets({ signal }), (asset) =>
    found.set(asset.id, listedAs(asset, false)),
  );
  const allTrash = await readList(client.listTrash({ signal }), (asset) =>
    found.set(asset.id, listedAs(asset, true)),
  );
  return { assets: [...found.values()], complete: allAssets && allTrash };
}

/** Whether the list has as many entries as the service counts. A client without a count is trusted. */
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

/** The fields of a listed asset that are used, including undocumented ones. */
export function listedAs(asset: Asset, trashed: boolean): ListedAsset {
  const { id, type, name, url } = asset;
  return { id, type, name, url, trashed, createdAt: createdAtOf(asset.raw), asset };
}

function createdAtOf(raw: Readonly<Record<string, unknown>>): number | null {
  const value = raw.created_at ?? raw.createdAt ?? raw.create_time;
  if (typeof value === "number" && value > 0) return value < 1e11 ? value * 1000 : value;
  // Without a time zone it could be any time of a day.
  const time =
    typeof value === "string" && /(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? time : null;
}
