import { delay } from "../../async/delay.ts";
import { Stopwatch } from "../../async/stopwatch.ts";
import { type Asset, assetTypes } from "../../atlas/types.ts";
import { sha256OfText } from "../../bytes/sha256.ts";
import { throwIfAborted } from "../../errors.ts";
import type { LedgerEntry } from "../../ledger/entry.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { isGeneratedFor } from "../asset/asset-name.ts";
import { goneAsset } from "../asset/gone-asset.ts";
import { SubmitError } from "../submit-error.ts";
import type { Listing } from "./asset-list.ts";
import { recordAsset } from "./ledger-fields.ts";
import { type RegistrationContext, recoveryTiming } from "./registration-context.ts";
import {
  cutQuery,
  evaluateList,
  type KnownAssets,
  type ListVerdict,
  type SentRegistration,
  untilLastSearch,
} from "./search-policy.ts";

/** Most listings that are incomplete before the search gives up. */
const maxIncompleteListings = 6;

/** Why and when a registration is searched for. */
export interface Search {
  /** What ended the request, if this run sent it. */
  cause?: unknown;
  /** Since the request timed out or failed: it may take effect after that. Null: another run sent it. */
  sinceFailure?: Stopwatch | null;
  /** The user confirms that it does not exist: only an asset that is found contradicts this. */
  confirmedAbsent?: boolean;
}

/**
 * Searches for the registration that the claimed entry, in step `registering`, was left with. Null: it did not take
 * effect, as two searches some time apart have shown.
 * @throws SubmitError `outcome-unknown`, `asset-gone`; LeaseLost
 */
export async function findLostRegistration(
  context: RegistrationContext,
  search: Search = {},
): Promise<Asset | null> {
  const { claim, options } = context;
  const { cause, sinceFailure = null, confirmedAbsent = false } = search;
  const timing = recoveryTiming(options.recovery);
  const signal = options.signal ?? null;
  const wanted = sentRegistrationOf(context);
  options.onNote?.("the answer to its registration was lost: searching the service's list for it");
  const sinceStart = new Stopwatch();
  let firstMiss: Stopwatch | null = null;
  for (let incomplete = 0; ; ) {
    throwIfAborted(signal);
    const sinceSearch = new Stopwatch();
    const verdict = await searchOnce(context, wanted, cause);
    if (verdict.outcome === "found") return await adopt(context, verdict);
    // A search that proves nothing does not count as one of the two.
    const absent = verdict.outcome === "absent" || confirmedAbsent;
    if (absent && !firstMiss) {
      firstMiss = sinceSearch;
      if (!claim.entry?.missedAt) await claim.amend({ missedAt: claim.now() });
    }
    const wait = untilLastSearch(
      ages(context, { sinceStart, sinceSearch, sinceFailure, sinceMiss: absent ? firstMiss : null }),
      timing,
    );
    if (wait > 0) {
      await delay(wait, signal);
    } else if (absent) {
      return null;
    } else if (
      verdict.outcome === "undecidable" &&
      verdict.incomplete &&
      ++incomplete < maxIncompleteListings
    ) {
      await delay(Math.min(timing.betweenSearches, 1000), signal);
    } else {
      throw outcomeUnknown(
        context,
        verdict.outcome === "undecidable" ? verdict.why : "it is not listed",
        cause,
      );
    }
  }
}

/** How old the registration and its first miss were when the search began; never overestimated. */
function ages(
  { claim }: RegistrationContext,
  times: {
    sinceStart: Stopwatch;
    sinceSearch: Stopwatch;
    sinceFailure: Stopwatch | null;
    sinceMiss: Stopwatch | null;
  },
): { sinceSent: number; sinceMissed: number } {
  const { sinceStart, sinceSearch, sinceFailure, sinceMiss } = times;
  const beforeSearch = (age: number): number => Math.max(0, age - sinceSearch.shortest());
  const sent = sinceFailure
    ? sinceFailure.shortest()
    : Math.max(claim.since("sentAt") ?? 0, sinceStart.shortest());
  const missed = sinceMiss
    ? Math.max(claim.since("missedAt") ?? 0, sinceMiss.shortest())
    : sinceStart.shortest();
  return { sinceSent: beforeSearch(sent), sinceMissed: beforeSearch(missed) };
}

async function searchOnce(
  context: RegistrationContext,
  wanted: SentRegistration,
  cause: unknown,
): Promise<ListVerdict> {
  const { assetList, ledger, claim, options } = context;
  let listing: Listing;
  try {
    listing = await assetList.listAll();
  } catch (error) {
    throwIfAborted(options.signal);
    // A proxy in front of the service answers everything: its page is the error to report.
    if (isProxyPage(cause) && isProxyPage(error)) throw cause;
    throw outcomeUnknown(context, "could not fetch the asset list", error);
  }
  return evaluateList(listing, wanted, await knownAssets(ledger, claim.entry as LedgerEntry, listing));
}

async function adopt(
  context: RegistrationContext,
  verdict: ListVerdict & { outcome: "found" },
): Promise<Asset> {
  const { listed, others } = verdict;
  const { asset } = listed;
  await recordAsset(context.claim, asset, "registered");
  const more = others ? `; ${others} more like it exist and can be trashed` : "";
  context.options.onNote?.(`its registration had taken effect: asset ${asset.id}${more}`);
  if (!listed.trashed) return asset;
  throw goneAsset(context.report, { id: asset.id, asset, why: "is in the trash" });
}

function sentRegistrationOf({ claim, nameHash, late }: RegistrationContext): SentRegistration {
  const entry = claim.entry as LedgerEntry;
  const { url, urlSha256, storageKey, assetName, uploadedAt } = entry;
  const namedBy = entry.namedBy ?? "user";
  const lateUrls = new Set(late.filter(({ isOwnUpload }) => isOwnUpload).map((one) => one.url));
  const isExact = (listed: string): boolean =>
    lateUrls.has(listed) || (urlSha256 ? sha256OfText(listed) === urlSha256 : listed === url);
  // The address of an object is another with each signature, and services may drop its query. What an untrusted entry
  // says of it counts only beside a name that proves the content.
  const byPath = storageKey !== undefined && (claim.trusted || namedBy === "tool");
  const matchesUrl = (listed: string): boolean => isExact(listed) || (byPath && cutQuery(listed) === url);
  const trustedUpload = uploadedAt !== undefined && claim.trusted;
  return {
    type: assetTypes[entry.type],
    matchesUrl,
    // The name in an untrusted entry proves nothing; a hash in a name does.
    matchesName: (listed) =>
      namedBy === "tool"
        ? isGeneratedFor(listed, nameHash) || (claim.trusted && listed === assetName)
        : listed === assetName,
    namedBy,
    // Others may have registered the same object: there, only this signature proves that it was this entry.
    identifiesAsset: (listed) =>
      trustedUpload && (storageKey === undefined ? matchesUrl(listed) : isExact(listed)),
  };
}

async function knownAssets(ledger: Ledger, entry: LedgerEntry, listing: Listing): Promise<KnownAssets> {
  const known = await ledger.known(
    entry.origin,
    listing.assets.map(({ id }) => id),
  );
  const ids = new Set(entry.formerIds);
  const urls = new Map<string, string>();
  for (const { id, url } of known) {
    ids.add(id);
    if (url) urls.set(id, url);
  }
  return { ids, urls };
}

/** A 403 from a proxy proves nothing about the request behind it; the service's own is final. */
export function isProxyPage(error: unknown): boolean {
  const { code, retryable } = (error ?? {}) as { code?: unknown; retryable?: unknown };
  return code === "forbidden" && retryable === true;
}

function outcomeUnknown(context: RegistrationContext, why: string, cause: unknown): SubmitError {
  const entry = context.claim.entry as LedgerEntry;
  return new SubmitError(
    "outcome-unknown",
    `it is not known whether it was registered: the answer was lost, and ${why}`,
    {
      report: context.report,
      cause,
      retryable: true,
      hint:
        `run it again later; or look in the service's console for "${entry.assetName ?? entry.file ?? "it"}" ` +
        'and, if it is not there, push it with --again unknown (in code: again: ["unknown"])',
    },
  );
}
