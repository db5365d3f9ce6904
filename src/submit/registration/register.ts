import { backoffDelay } from "../../async/backoff.ts";
import { delay } from "../../async/delay.ts";
import { startGrace } from "../../async/grace.ts";
import { Stopwatch } from "../../async/stopwatch.ts";
import { type Asset, assetTypes } from "../../atlas/types.ts";
import { throwIfAborted } from "../../errors.ts";
import { LeaseLost } from "../../ledger/ledger.ts";
import { findLostRegistration, isProxyPage } from "./find-lost-registration.ts";
import { recordAsset, type UrlToRegister, urlFields } from "./ledger-fields.ts";
import {
  type LateRegistration,
  type RegistrationContext,
  registrationInMilliseconds,
  registrationTimeout,
} from "./registration-context.ts";

export type RegistrationOutcome =
  | { outcome: "registered"; asset: Asset }
  /** It did not take effect, as a search has shown: to be repeated, from the upload on. */
  | { outcome: "not-registered" }
  /** The lease was lost after the request was sent. */
  | { outcome: "late"; late: LateRegistration };

/** Most attempts at a registration that the service refuses for the moment. */
const maxRefusedAttempts = 6;
const refusalBackoff = { base: 500, cap: 8000 };

/**
 * Registers a URL once: the intention is recorded, the request sent, the ids recorded. A registration whose answer is
 * lost is searched for.
 * @throws SubmitError `outcome-unknown`; AtlasError if the service refused; LeaseLost before anything was sent
 */
export async function register(
  context: RegistrationContext,
  source: UrlToRegister,
): Promise<RegistrationOutcome> {
  const signal = context.options.signal ?? null;
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal);
    await waitForRateLimit(context);
    const url = source.object ? await source.object.sign(signal) : source.url;
    await recordIntention(context, source, url);
    const answer = await send(context, url, source.assetName);
    const lateOf = (asset: Asset | null): LateRegistration => ({
      url,
      isOwnUpload: source.uploadedAt !== null,
      asset,
    });
    if (answer.outcome === "answered") return recordAnswer(context, answer.asset, lateOf);
    const { error } = answer;
    if (!isRefusal(error)) {
      if (context.claim.signal.aborted) return { outcome: "late", late: lateOf(null) };
      throwIfAborted(signal);
      return searchFor(context, error, lateOf);
    }
    await recordUnsent(context, source);
    if (!(error as { retryable?: boolean }).retryable || attempt === maxRefusedAttempts) throw error;
    await delay(backoffDelay(attempt, refusalBackoff), signal);
  }
}

/** Waits for the rate limit that all users of the ledger share. */
async function waitForRateLimit({ ledger, claim, options }: RegistrationContext): Promise<void> {
  const { maxRegistrationsPerMinute: perMinute, signal } = options;
  if (perMinute === undefined) return;
  const { origin, account } = claim.key;
  const wait = await ledger.reserveRegistration(JSON.stringify([origin, account]), perMinute);
  if (wait > 0) await delay(wait, signal ?? null);
}

/** Recorded before anything is sent, with a lease that outlasts the request. */
async function recordIntention(
  context: RegistrationContext,
  source: UrlToRegister,
  url: string,
): Promise<void> {
  const { atlas, claim, options } = context;
  await claim.record({
    ...urlFields(claim.entry, source, context.check, url),
    step: "registering",
    sentAt: claim.now(),
  });
  await claim.ensureLease(registrationInMilliseconds({ atlas, recovery: options.recovery }));
  // The signal may have fired in the meantime: nothing is sent, and nothing has to be searched for.
  if (options.signal?.aborted) {
    await recordUnsent(context, source);
    throwIfAborted(options.signal);
  }
}

async function recordUnsent({ claim, check }: RegistrationContext, source: UrlToRegister): Promise<void> {
  const step = source.uploadedAt ? "uploaded" : "checked";
  await claim.record({ ...urlFields(claim.entry, source, check), step });
}

async function send(
  { atlas, claim, options }: RegistrationContext,
  url: string,
  assetName: string,
): Promise<{ outcome: "answered"; asset: Asset } | { outcome: "failed"; error: unknown }> {
  const grace = startGrace(options.signal ?? null);
  const signal = AbortSignal.any([
    grace.signal,
    claim.signal,
    AbortSignal.timeout(registrationTimeout(atlas)),
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

type LateOf = (asset: Asset | null) => LateRegistration;

async function recordAnswer(
  context: RegistrationContext,
  asset: Asset,
  lateOf: LateOf,
): Promise<RegistrationOutcome> {
  try {
    await recordAsset(context.claim, asset, "registered");
    return { outcome: "registered", asset };
  } catch (error) {
    if (error instanceof LeaseLost) return { outcome: "late", late: lateOf(asset) };
    throw error;
  }
}

async function searchFor(
  context: RegistrationContext,
  cause: unknown,
  lateOf: LateOf,
): Promise<RegistrationOutcome> {
  try {
    const asset = await findLostRegistration(context, { cause, sinceFailure: new Stopwatch() });
    return asset ? { outcome: "registered", asset } : { outcome: "not-registered" };
  } catch (error) {
    if (error instanceof LeaseLost) return { outcome: "late", late: lateOf(null) };
    throw error;
  }
}

/** Whether it is certain that no asset was created: the service refused, or could not be reached. */
function isRefusal(error: unknown): boolean {
  if (isProxyPage(error)) return false;
  const { outcome, code } = error as { outcome?: unknown; code?: unknown };
  if (outcome === "none" || outcome === "unknown") return outcome === "none" && code !== "aborted";
  // A client that is not ours states no `outcome`: only the codes of 4xx statuses are refusals.
  const refusals =
    "no-key unauthorized payment-required forbidden not-found-upstream too-large invalid-request \
unprocessable rate-limited legally-unavailable usage".split(" ");
  return refusals.includes(String(code));
}
