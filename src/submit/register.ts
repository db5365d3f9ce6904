import { backoffDelay } from "../async/backoff.ts";
import { delay } from "../async/delay.ts";
import { graceInMilliseconds } from "../async/grace.ts";
import { type Asset, assetTypes } from "../atlas/types.ts";
import { throwIfAborted } from "../errors.ts";
import { LeaseLost } from "../ledger/ledger.ts";
import { Stopwatch } from "../ledger/store-clock.ts";
import { recordAsset, type Source, sourceFields } from "./record.ts";
import { findLost, isProxyPage } from "./recover-registration.ts";
import {
  type LateRegistration,
  maxAttempts,
  type Registration,
  registrationInMilliseconds,
  registrationTimeoutInMilliseconds,
} from "./registration.ts";

export type RegistrationOutcome =
  | { outcome: "registered"; asset: Asset }
  /** Proved not to have taken effect: to be done again, from the upload on. */
  | { outcome: "not-registered" }
  /** The lease was lost after the request was sent. */
  | { outcome: "late"; late: LateRegistration };

const refusalBackoff = { base: 500, cap: 8000 };

/**
 * Registers a URL once: the intention is recorded, the request sent, the ids recorded. A registration whose answer is
 * lost is searched for.
 * @throws SubmitError `outcome-unknown`; AtlasError if the service refused; LeaseLost before anything was sent
 */
export async function register(work: Registration, source: Source): Promise<RegistrationOutcome> {
  const signal = work.options.signal ?? null;
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal);
    await waitForPlace(work);
    await recordIntention(work, source);
    const answer = await send(work, source);
    if (answer.outcome === "answered") return recordAnswer(work, source, answer.asset);
    const { error } = answer;
    if (!isRefusal(error)) {
      if (work.claim.signal.aborted) return { outcome: "late", late: lateOf(source, null) };
      throwIfAborted(signal);
      return searchFor(work, source, error);
    }
    await recordUnsent(work, source);
    if (!(error as { retryable?: boolean }).retryable || attempt === maxAttempts) throw error;
    await delay(backoffDelay(attempt, refusalBackoff), signal);
  }
}

/** The limit that all users of the ledger share. */
async function waitForPlace({ ledger, claim, options }: Registration): Promise<void> {
  const { maxRegistrationsPerMinute: perMinute, signal } = options;
  if (perMinute === undefined) return;
  const { origin, account } = claim.key;
  const wait = await ledger.reserveRegistration(JSON.stringify([origin, account]), perMinute);
  if (wait > 0) await delay(wait, signal ?? null);
}

/** Recorded before anything is sent, with a lease that outlasts the request. */
async function recordIntention(work: Registration, source: Source): Promise<void> {
  const { claim, options } = work;
  await claim.record({
    ...sourceFields(claim.entry, source, work.check),
    step: "registering",
    sentAt: claim.now(),
  });
  await claim.ensureLease(registrationInMilliseconds(options.recovery));
  // The signal may have fired in the meantime: nothing is sent, and nothing has to be searched for.
  if (options.signal?.aborted) {
    await recordUnsent(work, source);
    throwIfAborted(options.signal);
  }
}

async function recordUnsent({ claim, check }: Registration, source: Source): Promise<void> {
  const step = source.uploadedAt ? "uploaded" : "checked";
  await claim.record({ ...sourceFields(claim.entry, source, check), step });
}

async function send(
  { atlas, claim, options }: Registration,
  { url, assetName }: Source,
): Promise<{ outcome: "answered"; asset: Asset } | { outcome: "failed"; error: unknown }> {
  const grace = withGrace(options.signal ?? null);
  const signal = AbortSignal.any([
    grace.signal,
    claim.signal,
    AbortSignal.timeout(registrationTimeoutInMilliseconds),
  ]);
  try {
    const type = assetTypes[claim.key.type];
    return {
      outcome: "answered",
      asset: await atlas.registerAsset({ type, url, name: assetName }, { signal }),
    };
  } catch (error) {
    return { outcome: "failed", error };
  } finally {
    grace.stop();
  }
}

async function recordAnswer(work: Registration, source: Source, asset: Asset): Promise<RegistrationOutcome> {
  try {
    await recordAsset(work.claim, asset, "registered");
    return { outcome: "registered", asset };
  } catch (error) {
    if (error instanceof LeaseLost) return { outcome: "late", late: lateOf(source, asset) };
    throw error;
  }
}

async function searchFor(work: Registration, source: Source, cause: unknown): Promise<RegistrationOutcome> {
  try {
    const asset = await findLost(work, { cause, givenUp: new Stopwatch() });
    return asset ? { outcome: "registered", asset } : { outcome: "not-registered" };
  } catch (error) {
    if (error instanceof LeaseLost) return { outcome: "late", late: lateOf(source, null) };
    throw error;
  }
}

function lateOf({ url, uploadedAt }: Source, asset: Asset | null): LateRegistration {
  return { url, own: uploadedAt !== null, asset };
}

/** Whether it is certain that nothing was made: the service said so, or could not be reached. */
function isRefusal(error: unknown): boolean {
  if (isProxyPage(error)) return false;
  const { outcome, code } = error as { outcome?: unknown; code?: unknown };
  if (outcome === "none" || outcome === "unknown") return outcome === "none" && code !== "aborted";
  // Another implementation of the client: only the names of 4xx statuses.
  const refusals =
    "no-key unauthorized payment-required forbidden not-found-upstream too-large invalid-request \
unprocessable rate-limited legally-unavailable usage".split(" ");
  return refusals.includes(String(code));
}

/** A signal that fires some seconds after the caller's: what is under way may end, and be recorded. */
function withGrace(signal: AbortSignal | null): { signal: AbortSignal; stop(): void } {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = (): void => {
    timer = setTimeout(() => late.abort(signal?.reason), graceInMilliseconds);
  };
  signal?.addEventListener("abort", start, { once: true });
  return {
    signal: late.signal,
    stop() {
      signal?.removeEventListener("abort", start);
      clearTimeout(timer);
    },
  };
}
