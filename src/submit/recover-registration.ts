import { delay } from "../async/delay.ts";
import { type Asset, type AtlasClient, assetTypes } from "../atlas/types.ts";
import { sha256OfText } from "../bytes/sha256.ts";
import { throwIfAborted } from "../errors.ts";
import type { LedgerEntry } from "../ledger/entry.ts";
import type { Ledger, LedgerClaim } from "../ledger/ledger.ts";
import type { Report } from "../report/report.ts";
import type { AssetList } from "./asset-list.ts";
import type { SubmitOptions } from "./options.ts";
import {
  defaultLooks,
  type Finding,
  judgeList,
  type Known,
  type LookPolicy,
  type SentRegistration,
  untilLastLook,
} from "./reconcile.ts";
import { recordAsset } from "./record.ts";
import { SubmitError } from "./submit-error.ts";

/** What registering one file takes. */
export interface Registering {
  atlas: AtlasClient;
  claim: LedgerClaim;
  ledger: Ledger;
  assetList: AssetList;
  report: Report;
  options: Pick<SubmitOptions, "signal" | "onNote" | "looks">;
}

/** Requests of one file that were refused for the moment, or proved lost. */
export const mostTries = 6;

/**
 * Looks for the registration that the claimed entry, in step `registering`, was left with. Null: it is not there,
 * on two looks apart in time.
 * @param lostAt when the answer was given up, in milliseconds since 1970: what is slow may take effect after that
 * @param userLooked the user says that it is not there: only what is found speaks against it
 */
export async function findLost(
  work: Registering,
  cause: unknown,
  { userLooked = false, lostAt = 0 }: { userLooked?: boolean; lostAt?: number } = {},
): Promise<Asset | null> {
  const { claim, assetList, options, ledger } = work;
  const policy: LookPolicy = { ...defaultLooks, ...options.looks };
  const signal = options.signal ?? null;
  const entry = claim.entry as LedgerEntry;
  const wanted = wantedOf(entry);
  options.onNote?.("the answer to its registration was lost: looking for it in the service's list");
  let firstLook: number | null = null;
  for (let broken = 0; ; ) {
    throwIfAborted(signal);
    const begun = Date.now();
    firstLook ??= begun;
    let finding: Finding;
    try {
      finding = await judgeList(await assetList.look(), wanted, await knownOf(ledger, entry));
    } catch (error) {
      throwIfAborted(signal);
      // Whoever stands before the service answers everything: that is what there is to say.
      if (isStrangersPage(cause) && isStrangersPage(error)) throw cause;
      throw unknown(work, "the service's list cannot be had", error);
    }
    if (finding.outcome === "found") return await adopt(work, finding);
    // A look that proves nothing is none of the two that it takes.
    const absent = finding.outcome === "absent" || userLooked;
    const { missedAt } = claim.entry as LedgerEntry;
    if (absent && !missedAt)
      await claim.record({ ...(claim.entry as LedgerEntry), missedAt: new Date(begun).toISOString() });
    const wait = untilLastLook(
      {
        sentAt: Math.max(wanted.sentAt, lostAt),
        missedAt: !absent ? firstLook : missedAt ? Date.parse(missedAt) : begun,
        now: begun,
      },
      policy,
    );
    if (wait > 0) {
      await delay(wait, signal);
      continue;
    }
    if (finding.outcome === "undecidable" && finding.passing && !userLooked && ++broken < mostTries) {
      await delay(Math.min(policy.apart, 1000), signal);
      continue;
    }
    if (finding.outcome === "absent" || userLooked) return null;
    throw unknown(work, finding.why, cause);
  }
}

async function adopt(work: Registering, finding: Finding & { outcome: "found" }): Promise<Asset> {
  const { listed, others } = finding;
  const { asset } = listed;
  await recordAsset(work.claim, asset, "registered");
  const more = others ? `; ${others} more like it are there, which can be trashed` : "";
  work.options.onNote?.(`its registration had taken effect: asset ${asset.id}${more}`);
  if (!listed.trashed) return asset;
  throw new SubmitError("asset-gone", `it was registered as asset ${asset.id}, which is in the trash`, {
    report: work.report,
    asset,
    hint: `restore it (media-preflight assets restore ${asset.id}); or push it with --again gone (in code: again: ["gone"]) to have it registered anew`,
  });
}

function wantedOf(entry: LedgerEntry): SentRegistration {
  const { urlSha256 } = entry;
  return {
    type: assetTypes[entry.type],
    isUrl: (listed) => (urlSha256 ? sha256OfText(listed) === urlSha256 : listed === entry.url),
    name: entry.name ?? "",
    namedBy: entry.namedBy ?? "user",
    ownAddress: entry.uploadedAt !== undefined,
    sentAt: Date.parse(entry.sentAt ?? entry.at),
  };
}

async function knownOf(ledger: Ledger, own: LedgerEntry): Promise<Known> {
  const ids = new Set(own.formerIds);
  const urls = new Map<string, string>();
  for (const entry of await ledger.entries()) {
    if (entry.origin !== own.origin || entry.id === undefined) continue;
    ids.add(entry.id);
    for (const former of entry.formerIds ?? []) ids.add(former);
    if (entry.url) urls.set(entry.id, entry.url);
  }
  return { ids, urls };
}

/** A 403 that a proxy made up says nothing of what became of the request behind it: the service's own is final. */
export function isStrangersPage(error: unknown): boolean {
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  return code === "forbidden" && retryable === true;
}

function unknown(work: Registering, why: string, cause: unknown): SubmitError {
  const entry = work.claim.entry as LedgerEntry;
  return new SubmitError(
    "outcome-unknown",
    `whether it was registered is not known: the answer was lost, and ${why}`,
    {
      report: work.report,
      cause,
      retryable: true,
      hint:
        `run it again later; or look at the service's console for "${entry.name ?? entry.file ?? "it"}" ` +
        'and, if it is not there, push it with --again unknown (in code: again: ["unknown"])',
    },
  );
}
