import { delay } from "../async/delay.ts";
import { type Asset, assetTypes } from "../atlas/types.ts";
import { throwIfAborted } from "../errors.ts";
import { about, recordAsset, type Source, timestamp } from "./record.ts";
import { findLost, isStrangersPage, mostTries, type Registering } from "./recover-registration.ts";

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
      await delay(Math.min(8000, 500 * 2 ** (tries - 1)) * (0.5 + Math.random() / 2), signal);
    } finally {
      grace.stop();
    }
  }
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
