import type { AssetType } from "../../atlas/types.ts";
import { looksGenerated } from "../asset/asset-name.ts";
import type { ListedAsset, Listing } from "./asset-list.ts";

/*
 * A registration whose answer was lost may have taken effect. Before it is ever sent again, the service's own list is
 * searched. This file is the policy: what a list proves, and when to search. find-lost-registration.ts carries it out.
 */

/** A registration that was sent and not answered. */
export interface SentRegistration {
  type: AssetType;
  /** Whether this is the URL that was sent. */
  matchesUrl(url: string): boolean;
  /** Whether this is the name that was sent. */
  matchesName(name: string): boolean;
  /** Only a generated name identifies an asset. */
  namedBy: "tool" | "user";
  /** Whether this URL alone identifies it: that of an upload that this machine made. A user's URL may be older. */
  identifiesAsset(url: string): boolean;
}

/** What the ledger knows of other assets. */
export interface KnownAssets {
  /** Ids that belong to other entries, or that this entry had before. */
  ids: ReadonlySet<string>;
  /** URLs that were registered, by id: they show whether the list repeats URLs as they were sent. */
  urls: ReadonlyMap<string, string>;
}

export type ListVerdict =
  | { outcome: "found"; listed: ListedAsset; others: number }
  | { outcome: "absent" }
  /** `incomplete`: another listing may show more. */
  | { outcome: "undecidable"; why: string; incomplete?: boolean };

/**
 * What one search of the list (including the trash) proves about a registration whose answer was lost.
 *
 * Found: by a generated name, if the URL is absent or equal; or by the exact URL of an upload of this machine; of
 * several, the oldest. Absent: only if every listed asset that could be it shows by its URL or name that it is another
 * one. A list that shows neither, or nothing at all, or is incomplete, proves nothing.
 */
export function evaluateList(
  { assets, complete }: Listing,
  wanted: SentRegistration,
  known: KnownAssets,
): ListVerdict {
  // Whether the list repeats URLs as they were sent: only then does another URL mean another asset.
  const echoes = assets.some(({ id, url }) => url !== null && known.urls.get(id) === cutQuery(url));
  const candidates = assets
    .filter((listed) => couldBe(listed, wanted, known))
    .map((listed) => ({ listed, match: matchOf(listed, wanted, echoes) }));
  const found = candidates.filter(({ match }) => match === "same").map(({ listed }) => listed);
  const oldest = found.toSorted((a, b) => ageOf(a) - ageOf(b))[0];
  if (oldest) return { outcome: "found", listed: oldest, others: found.length - 1 };

  if (!complete)
    return { outcome: "undecidable", why: "the service counts more assets than it lists", incomplete: true };
  if (assets.length === 0) return { outcome: "undecidable", why: "the service lists nothing at all" };
  if (!assets.some(({ url, name }) => url || name))
    return { outcome: "undecidable", why: "the service's list shows neither URLs nor names" };
  const ambiguous = candidates.find(({ match }) => match === "unclear")?.listed;
  return ambiguous
    ? { outcome: "undecidable", why: `asset ${ambiguous.id} might be it: its name and URL do not show it` }
    : { outcome: "absent" };
}

/** Types are compared only if the list shows one. */
function couldBe(listed: ListedAsset, wanted: SentRegistration, known: KnownAssets): boolean {
  return !known.ids.has(listed.id) && (listed.type === null || listed.type === wanted.type);
}

function matchOf(
  { url, name }: ListedAsset,
  wanted: SentRegistration,
  echoes: boolean,
): "same" | "other" | "unclear" {
  const sameUrl = url ? wanted.matchesUrl(url) : null;
  const sameName = name ? wanted.matchesName(name) : null;
  if (url && wanted.identifiesAsset(url)) return "same";
  if (wanted.namedBy === "tool") {
    if (sameName && sameUrl !== false) return "same";
    if (sameName) return echoes ? "other" : "unclear";
    if (sameUrl) return name && looksGenerated(name) ? "other" : "unclear";
    return sameUrl === null && sameName === null ? "unclear" : "other";
  }
  if (sameUrl) return sameName ? "same" : sameName === null ? "unclear" : "other";
  if (sameUrl === null) return "unclear";
  return sameName && !echoes ? "unclear" : "other";
}

/** By the service's own clock, or by numeric ids, which the service counts upwards. */
function ageOf({ createdAt, id }: ListedAsset): number {
  return createdAt ?? (/^\d{1,15}$/.test(id) ? Number(id) : Number.POSITIVE_INFINITY);
}

/** A URL without query and fragment; as the service lists it, it need not be a valid one. */
export function cutQuery(url: string): string {
  return url.replace(/[?#].*/s, "");
}

/** When to search for a lost registration, in milliseconds. */
export interface RecoveryTiming {
  /** Between the first search that finds nothing and the last one. Default 5,000. */
  betweenSearches: number;
  /** Between the request, or its timeout, and the last search: a slow request may take effect later. Default 15,000. */
  afterRequest: number;
}

export const defaultRecovery: Readonly<RecoveryTiming> = { betweenSearches: 5000, afterRequest: 15_000 };

/** Milliseconds until a search that finds nothing is conclusive; 0 if this one is. Both ages in milliseconds. */
export function untilLastSearch(
  { sinceSent, sinceMissed }: { sinceSent: number; sinceMissed: number },
  { afterRequest, betweenSearches }: RecoveryTiming,
): number {
  return Math.max(0, afterRequest - sinceSent, betweenSearches - sinceMissed);
}
