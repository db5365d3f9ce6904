import type { Asset, AssetType } from "../atlas/types.ts";

/*
 * A registration whose answer was lost may have taken effect. Before it is ever sent again, the service's own
 * list is asked. This file is the policy, what a list proves and when to look; submit-lost.ts obeys it.
 */

/** What is remembered of a listed asset. */
export interface Listed {
  id: string;
  type: AssetType | null;
  name: string | null;
  url: string | null;
  trashed: boolean;
  /** When it was made, in milliseconds since 1970, where the service says so. */
  createdAt: number | null;
  asset: Asset;
}

/** What one look at the service's lists shows. */
export interface Listing {
  assets: readonly Listed[];
  /** Whether they ended where the service's own count of them says. */
  whole: boolean;
}

/** What was sent and not answered. */
export interface SentRegistration {
  type: AssetType;
  /** Whether this is the very address that was sent. */
  isUrl(url: string): boolean | Promise<boolean>;
  name: string;
  /** Only a name that this tool made identifies an asset. */
  namedBy: "tool" | "user";
  /** Whether the address is this upload's own. A user's address may have been registered before. */
  ownAddress: boolean;
  /** When the request was sent, in milliseconds since 1970. */
  sentAt: number;
}

/** What the ledger knows of other assets. */
export interface Known {
  /** Ids of records that belong to other entries, or that this entry had before. */
  ids: ReadonlySet<string>;
  /** Addresses that were registered, by record id: they show whether the list repeats them as they were sent. */
  urls: ReadonlyMap<string, string>;
}

export type Finding =
  | { outcome: "found"; listed: Listed; others: number }
  | { outcome: "absent" }
  /** `passing`: another look may show more. */
  | { outcome: "undecidable"; why: string; passing?: boolean };

/** Clocks differ; an asset made longer than this before the request was sent may be an earlier one. */
const clockToleranceInMilliseconds = 600_000;

/**
 * What one look at the list (the trash included) says about a registration whose answer was lost.
 *
 * Found by exact URL, else by a name that this tool made; of several, the oldest. Absent only where every listed
 * asset that could be it shows, by its URL or name, that it is another one; a list that shows neither, or nothing
 * at all, or ends before it is whole, proves nothing.
 */
export async function judgeList(
  { assets: list, whole }: Listing,
  wanted: SentRegistration,
  known: Known,
): Promise<Finding> {
  const candidates = list.filter((listed) => couldBe(listed, wanted, known));
  const byUrl: Listed[] = [];
  for (const listed of candidates) if (listed.url && (await wanted.isUrl(listed.url))) byUrl.push(listed);
  const named = wanted.namedBy === "tool";
  const found = byUrl.length ? byUrl : named ? candidates.filter(({ name }) => name === wanted.name) : [];
  const oldest = found.toSorted((a, b) => ageOf(a) - ageOf(b))[0];
  if (
    oldest &&
    !wanted.ownAddress &&
    (oldest.createdAt ?? Infinity) < wanted.sentAt - clockToleranceInMilliseconds
  )
    return { outcome: "undecidable", why: `asset ${oldest.id} has that address, and seems to be older` };
  if (oldest) return { outcome: "found", listed: oldest, others: found.length - 1 };

  if (!whole)
    return { outcome: "undecidable", why: "the service counts more assets than it lists", passing: true };
  if (list.length === 0) return { outcome: "undecidable", why: "the service lists nothing at all" };
  if (!list.some(({ url, name }) => url || name))
    return { outcome: "undecidable", why: "the service's list shows neither URLs nor names" };
  // An asset that shows nothing to tell it by might be the one; so might one that bears the name the user gave,
  // unless the list is seen to repeat addresses as they were sent.
  const echoes = list.some(({ id, url }) => url !== null && known.urls.get(id) === withoutQueryOf(url));
  const doubtful = candidates.find(
    ({ url, name }) => !(url || (named && name)) || (!named && name === wanted.name && !echoes),
  );
  return doubtful
    ? { outcome: "undecidable", why: `asset ${doubtful.id} might be it, and shows nothing to tell it by` }
    : { outcome: "absent" };
}

/** Types are compared only where the list shows one. */
function couldBe(listed: Listed, wanted: SentRegistration, known: Known): boolean {
  return !known.ids.has(listed.id) && (listed.type === null || listed.type === wanted.type);
}

/** Records are counted upwards, where ids are numbers. */
function ageOf({ createdAt, id }: Listed): number {
  return createdAt ?? (/^\d{1,15}$/.test(id) ? Number(id) : Number.POSITIVE_INFINITY);
}

/** An address as a service may repeat it, which need not be a sound one. */
export function withoutQueryOf(url: string): string {
  return url.replace(/[?#].*/s, "");
}

/** When to look, in milliseconds. */
export interface LookPolicy {
  /** Between the first look that finds nothing and the last one. */
  apart: number;
  /** Between the sending, or the giving up, and the last look: a slow request may take effect after that. */
  settle: number;
}

export const defaultLooks: Readonly<LookPolicy> = { apart: 5000, settle: 15_000 };

/** Milliseconds from `now` until a look that finds nothing counts; 0 where one begun now does. */
export function untilLastLook(
  { sentAt, missedAt, now }: { sentAt: number; missedAt: number; now: number },
  policy: LookPolicy,
): number {
  // A clock that was set back, or a ledger from elsewhere, must not make it wait for years.
  const since = (time: number): number => Math.max(0, now - time);
  return Math.max(0, policy.settle - since(sentAt), policy.apart - since(missedAt));
}

/** What is kept of an asset in a list; what the service says beyond its documented fields included. */
export function listedAs(asset: Asset, trashed: boolean): Listed {
  const { id, type, name, url } = asset;
  return { id, type, name, url, trashed, createdAt: createdAtOf(asset.raw), asset };
}

function createdAtOf(raw: Readonly<Record<string, unknown>>): number | null {
  const told = raw.created_at ?? raw.createdAt ?? raw.create_time;
  if (typeof told === "number" && told > 0) return told < 1e11 ? told * 1000 : told;
  // Without a zone it could be any of a day.
  const time = typeof told === "string" && /(?:Z|[+-]\d\d:?\d\d)$/.test(told) ? Date.parse(told) : Number.NaN;
  return Number.isFinite(time) ? time : null;
}
