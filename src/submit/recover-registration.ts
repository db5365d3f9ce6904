import { delay } from "../async/delay.ts";
import { type Asset, assetTypes } from "../atlas/types.ts";
import { sha256OfText } from "../bytes/sha256.ts";
import { throwIfAborted } from "../errors.ts";
import type { LedgerEntry } from "../ledger/entry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { Stopwatch } from "../ledger/store-clock.ts";
import { isGeneratedFor } from "./asset-name.ts";
import {
  judgeList,
  type KnownAssets,
  type Listing,
  type ListVerdict,
  type SentRegistration,
  untilLastLook,
} from "./reconcile.ts";
import { recordAsset } from "./record.ts";
import { maxAttempts, type Registration, recoveryTiming } from "./registration.ts";
import { SubmitError } from "./submit-error.ts";

/** Why and when a registration is searched for. */
export interface Search {
  /** What ended the request, if this run sent it. */
  cause?: unknown;
  /** Since the answer was given up: a slow request may take effect after that. Null: another run sent it. */
  givenUp?: Stopwatch | null;
  /** The user has looked and says that it is not there: only an asset that is found contradicts. */
  userLooked?: boolean;
}

/**
 * Searches for the registration that the claimed entry, in step `registering`, was left with. Null: it did not take
 * effect, as two looks some time apart have shown.
 * @throws SubmitError `outcome-unknown`, `asset-gone`; LeaseLost
 */
export async function findLost(work: Registration, search: Search = {}): Promise<Asset | null> {
  const { claim, options } = work;
  const { cause, givenUp = null, userLooked = false } = search;
  const timing = recoveryTiming(options.recovery);
  const signal = options.signal ?? null;
  const wanted = wantedOf(work);
  options.onNote?.("the answer to its registration was lost: searching the service's list for it");
  const begun = new Stopwatch();
  let firstMiss: Stopwatch | null = null;
  for (let incomplete = 0; ; ) {
    throwIfAborted(signal);
    const look = new Stopwatch();
    const verdict = await lookOnce(work, wanted, cause);
    if (verdict.outcome === "found") return await adopt(work, verdict);
    // A look that proves nothing does not count as one of the two.
    const absent = verdict.outcome === "absent" || userLooked;
    if (absent && !firstMiss) {
      firstMiss = look;
      if (!claim.entry?.missedAt) await claim.amend({ missedAt: claim.now() });
    }
    const wait = untilLastLook(
      ages(work, { begun, look, givenUp, firstMiss: absent ? firstMiss : null }),
      timing,
    );
    if (wait > 0) {
      await delay(wait, signal);
    } else if (absent) {
      return null;
    } else if (verdict.outcome === "undecidable" && verdict.incomplete && ++incomplete < maxAttempts) {
      await delay(Math.min(timing.apart, 1000), signal);
    } else {
      throw outcomeUnknown(work, verdict.outcome === "undecidable" ? verdict.why : "it is not listed", cause);
    }
  }
}

/** How old the registration and its first miss were when the look began; never overestimated. */
function ages(
  { claim }: Registration,
  times: { begun: Stopwatch; look: Stopwatch; givenUp: Stopwatch | null; firstMiss: Stopwatch | null },
): { sinceSent: number; sinceMissed: number } {
  const { begun, look, givenUp, firstMiss } = times;
  const beforeLook = (age: number): number => Math.max(0, age - look.shortest());
  const sent = givenUp ? givenUp.shortest() : Math.max(claim.since("sentAt") ?? 0, begun.shortest());
  const missed = firstMiss ? Math.max(claim.since("missedAt") ?? 0, firstMiss.shortest()) : begun.shortest();
  return { sinceSent: beforeLook(sent), sinceMissed: beforeLook(missed) };
}

async function lookOnce(work: Registration, wanted: SentRegistration, cause: unknown): Promise<ListVerdict> {
  const { assetList, ledger, claim, options } = work;
  let listing: Listing;
  try {
    listing = await assetList.look();
  } catch (error) {
    throwIfAborted(options.signal);
    // A proxy in front of the service answers everything: its page is the error to report.
    if (isProxyPage(cause) && isProxyPage(error)) throw cause;
    throw outcomeUnknown(work, "could not fetch the asset list", error);
  }
  return judgeList(listing, wanted, await knownAssets(ledger, claim.entry as LedgerEntry, listing));
}

async function adopt(work: Registration, verdict: ListVerdict & { outcome: "found" }): Promise<Asset> {
  const { listed, others } = verdict;
  const { asset } = listed;
  await recordAsset(work.claim, asset, "registered");
  const more = others ? `; ${others} more like it exist and can be trashed` : "";
  work.options.onNote?.(`its registration had taken effect: asset ${asset.id}${more}`);
  if (!listed.trashed) return asset;
  throw new SubmitError("asset-gone", `it was registered as asset ${asset.id}, which is in the trash`, {
    report: work.report,
    asset,
    hint: `restore it (media-preflight assets restore ${asset.id}); or push it with --again gone (in code: again: ["gone"]) to register it again`,
  });
}

function wantedOf({ claim, nameHash, late }: Registration): SentRegistration {
  const entry = claim.entry as LedgerEntry;
  const { url, urlSha256, assetName, uploadedAt } = entry;
  const namedBy = entry.namedBy ?? "user";
  const lateUrls = new Set(late.filter(({ own }) => own).map((one) => one.url));
  return {
    type: assetTypes[entry.type],
    isUrl: (listed) =>
      lateUrls.has(listed) || (urlSha256 ? sha256OfText(listed) === urlSha256 : listed === url),
    // What an untrusted entry says of its name proves nothing; the hash in a name does.
    isName: (listed) =>
      namedBy === "tool"
        ? isGeneratedFor(listed, nameHash) || (claim.trusted && listed === assetName)
        : listed === assetName,
    namedBy,
    urlProves: uploadedAt !== undefined && claim.trusted,
  };
}

async function knownAssets(ledger: Ledger, own: LedgerEntry, listing: Listing): Promise<KnownAssets> {
  const known = await ledger.known(
    own.origin,
    listing.assets.map(({ id }) => id),
  );
  const ids = new Set(own.formerIds);
  const urls = new Map<string, string>();
  for (const { id, url } of known) {
    ids.add(id);
    if (url) urls.set(id, url);
  }
  return { ids, urls };
}

/** A 403 that a proxy made says nothing of the request behind it; the service's own is final. */
export function isProxyPage(error: unknown): boolean {
  const { code, retryable } = (error ?? {}) as { code?: unknown; retryable?: unknown };
  return code === "forbidden" && retryable === true;
}

function outcomeUnknown(work: Registration, why: string, cause: unknown): SubmitError {
  const entry = work.claim.entry as LedgerEntry;
  return new SubmitError(
    "outcome-unknown",
    `it is not known whether it was registered: the answer was lost, and ${why}`,
    {
      report: work.report,
      cause,
      retryable: true,
      hint:
        `run it again later; or look in the service's console for "${entry.assetName ?? entry.file ?? "it"}" ` +
        'and, if it is not there, push it with --again unknown (in code: again: ["unknown"])',
    },
  );
}
