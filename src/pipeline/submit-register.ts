import type { Asset, AtlasClient } from "../atlas/types.ts";
import { assetTypes } from "../atlas/types.ts";
import { throwIfAborted } from "../errors.ts";
import { pause } from "../pause.ts";
import type { Report } from "../report/report.ts";
import { type Entry, type Progressed, withoutQuery } from "./ledger/entry.ts";
import type { Claim, Ledger } from "./ledger/ledger.ts";
import { sha256OfText } from "./ledger/sha256.ts";
import {
  defaultLooks,
  type Finding,
  judgeList,
  type Known,
  type LookPolicy,
  untilLastLook,
  type Wanted,
} from "./reconcile.ts";
import { SubmitError } from "./submit-error.ts";
import type { AssetName } from "./submit-name.ts";
import type { SubmitOptions } from "./submit-options.ts";
import type { Survey } from "./submit-survey.ts";

/** What registering one file takes. */
export interface Registering {
  atlas: AtlasClient;
  claim: Claim;
  ledger: Ledger;
  survey: Survey;
  report: Report;
  options: Pick<SubmitOptions, "signal" | "onNote" | "looks">;
}

/** An address, ready to be registered. */
export interface Source extends AssetName {
  url: string;
  /** ISO 8601; when an upload's own address was made; null for an address the user gave. */
  uploadedAt: string | null;
}

export const timestamp = (): string => new Date().toISOString();

/** Requests of one file that were refused for the moment, or proved lost. */
const mostTries = 6;
/** How long a request that changes something is waited for after the caller's signal. */
const graceInMilliseconds = 5000;

/**
 * Registers an address once: intent on disk, request, ids on disk. An answer that is lost is looked for.
 * Null: proved not to have taken effect, and to be done again from the upload.
 * @throws SubmitError `outcome-unknown`; AtlasError where the service refused
 */
export async function register(work: Registering, source: Source): Promise<Asset | null> {
  const { atlas, claim, options } = work;
  const signal = options.signal ?? null;
  const { type } = claim.key;
  const unsent = (): Promise<void> =>
    claim.record({
      ...about(claim.entry, source),
      step: source.uploadedAt ? "uploaded" : "checked",
      at: timestamp(),
    });
  for (let tries = 1; ; tries++) {
    throwIfAborted(signal);
    await claim.record({
      ...about(claim.entry, source),
      step: "registering",
      at: timestamp(),
      sentAt: timestamp(),
    });
    // The signal may have fired while that was written: nothing is sent, and nothing has to be looked for.
    if (signal?.aborted) {
      await unsent();
      throwIfAborted(signal);
    }
    const grace = withGrace(signal);
    try {
      const { url, name } = source;
      const asset = await atlas.registerAsset(
        { type: assetTypes[type], url, name },
        { signal: grace.signal },
      );
      await recordAsset(claim, asset, "registered");
      return asset;
    } catch (error) {
      if (!isRefusal(error)) {
        throwIfAborted(signal);
        return await findLost(work, error, { lostAt: Date.now() });
      }
      await unsent();
      if (!(error as { retryable?: boolean }).retryable || tries === mostTries) throw error;
      await pause(Math.min(8000, 500 * 2 ** (tries - 1)) * (0.5 + Math.random() / 2), signal);
    } finally {
      grace.stop();
    }
  }
}

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
  const { claim, survey, options, ledger } = work;
  const policy: LookPolicy = { ...defaultLooks, ...options.looks };
  const signal = options.signal ?? null;
  const entry = claim.entry as Entry;
  const wanted = wantedOf(entry);
  options.onNote?.("the answer to its registration was lost: looking for it in the service's list");
  let firstLook: number | null = null;
  for (let broken = 0; ; ) {
    throwIfAborted(signal);
    const begun = Date.now();
    firstLook ??= begun;
    let finding: Finding;
    try {
      finding = await judgeList(await survey.look(), wanted, await knownOf(ledger, entry));
    } catch (error) {
      throwIfAborted(signal);
      // Whoever stands before the service answers everything: that is what there is to say.
      if (isStrangersPage(cause) && isStrangersPage(error)) throw cause;
      throw unknown(work, "the service's list cannot be had", error);
    }
    if (finding.outcome === "found") return await adopt(work, finding);
    // A look that proves nothing is none of the two that it takes.
    const absent = finding.outcome === "absent" || userLooked;
    const { missedAt } = claim.entry as Entry;
    if (absent && !missedAt)
      await claim.record({ ...(claim.entry as Entry), missedAt: new Date(begun).toISOString() });
    const wait = untilLastLook(
      {
        sentAt: Math.max(wanted.sentAt, lostAt),
        missedAt: !absent ? firstLook : missedAt ? Date.parse(missedAt) : begun,
        now: begun,
      },
      policy,
    );
    if (wait > 0) {
      await pause(wait, signal);
      continue;
    }
    if (finding.outcome === "undecidable" && finding.passing && !userLooked && ++broken < mostTries) {
      await pause(Math.min(policy.apart, 1000), signal);
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

/** Writes an asset's ids, and what became of it. */
export async function recordAsset(
  claim: Claim,
  asset: Asset,
  step: "registered" | "active" | "failed",
): Promise<void> {
  const { url, urlSha256, uploadedAt, name, namedBy, formerIds } = claim.entry as Entry;
  await claim.record({
    step,
    at: timestamp(),
    url,
    urlSha256,
    uploadedAt,
    name,
    namedBy,
    formerIds,
    id: asset.id,
    atlasAssetId: asset.atlasAssetId ?? undefined,
    arkAssetId: asset.arkAssetId ?? undefined,
    uri: asset.uri ?? undefined,
    errorCode: step === "failed" ? (asset.errorCode ?? undefined) : undefined,
  });
}

/** What is written of an address: never its query. */
export function about(entry: Entry | null, source: Source): Omit<Progressed, "step" | "at"> {
  const url = withoutQuery(source.url);
  return {
    url,
    urlSha256: url === source.url ? undefined : sha256OfText(source.url),
    uploadedAt: source.uploadedAt ?? undefined,
    name: source.name,
    namedBy: source.namedBy,
    formerIds: entry?.formerIds,
  };
}

function wantedOf(entry: Entry): Wanted {
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

async function knownOf(ledger: Ledger, own: Entry): Promise<Known> {
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

/** Whether the service, or the lack of a way to it, says for certain that nothing was made. */
function isRefusal(error: unknown): boolean {
  if (isStrangersPage(error)) return false;
  const { outcome, code } = error as { outcome?: unknown; code?: unknown };
  if (outcome === "none" || outcome === "unknown") return outcome === "none" && code !== "aborted";
  // Another implementation of the client: only what a 4xx status is named.
  const refusals =
    "no-key unauthorized payment-required forbidden not-found-upstream too-large invalid-request \
unprocessable rate-limited legally-unavailable usage".split(" ");
  return refusals.includes(String(code));
}

/** A 403 that a proxy made up says nothing of what became of the request behind it: the service's own is final. */
function isStrangersPage(error: unknown): boolean {
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  return code === "forbidden" && retryable === true;
}

function unknown(work: Registering, why: string, cause: unknown): SubmitError {
  const entry = work.claim.entry as Entry;
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

/** A signal that fires some seconds after the caller's: what is under way may end, and be recorded. */
function withGrace(signal: AbortSignal | null): { signal: AbortSignal | null; stop(): void } {
  if (!signal) return { signal, stop() {} };
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = (): void => {
    timer = setTimeout(() => late.abort(signal.reason), graceInMilliseconds);
  };
  signal.addEventListener("abort", start, { once: true });
  return {
    signal: late.signal,
    stop() {
      signal.removeEventListener("abort", start);
      clearTimeout(timer);
    },
  };
}
