import { delay } from "../async/delay.ts";
import { throwIfAborted } from "../errors.ts";
import { AtlasError } from "./error.ts";
import type { Asset, AtlasClient, Prediction, Progress, WaitOptions } from "./types.ts";

/** Milliseconds. The service's guide polls every 2 to 5 s. */
const defaults = {
  assetDeadline: 300_000,
  predictionDeadline: 1_200_000,
  interval: 2000,
  longestInterval: 5000,
  /** For how long a new id may still be unknown to the host that is asked. */
  freshAsset: 15_000,
  freshPrediction: 30_000,
};

/** Polls until the asset is Active. @throws AtlasError `asset-failed`, `timeout` (the id on it) */
export async function untilActive(
  client: Pick<AtlasClient, "getAsset">,
  id: string,
  options: WaitOptions = {},
): Promise<Asset> {
  const asset = await poll(id, options, {
    phase: "wait",
    what: "asset",
    deadline: defaults.assetDeadline,
    fresh: defaults.freshAsset,
    unknownYet: [404],
    ask: (signal) => client.getAsset(id, { signal }),
    done: ({ status }) => status !== "processing",
  });
  if (asset.status === "active") return asset;
  const code = asset.errorCode ?? "no code";
  throw new AtlasError(
    "asset-failed",
    `asset ${id} Failed: ${code}${asset.errorMessage ? `: ${asset.errorMessage}` : ""}`,
    {
      id,
      host: "console",
      upstreamCode: asset.errorCode,
      hint: asset.errorCode ? `media-preflight explain ${asset.errorCode}` : "the service gave no reason",
    },
  );
}

/** Polls until the prediction has its outputs. @throws AtlasError `prediction-failed`, `timeout` (the id on it) */
export async function untilPredicted(
  client: Pick<AtlasClient, "getPrediction">,
  id: string,
  options: WaitOptions = {},
): Promise<Prediction> {
  const prediction = await poll(id, options, {
    phase: "generate",
    what: "prediction",
    deadline: defaults.predictionDeadline,
    fresh: defaults.freshPrediction,
    unknownYet: [400, 404],
    ask: (signal) => client.getPrediction(id, { signal }),
    done: ({ status }) => status !== "processing",
  });
  if (prediction.status === "succeeded") return prediction;
  const why = prediction.errorMessage ?? prediction.rawStatus ?? "no reason given";
  throw new AtlasError("prediction-failed", `prediction ${id} failed: ${why}`, { id, host: "api" });
}

interface Polled<T> {
  phase: Progress["phase"];
  what: string;
  deadline: number;
  fresh: number;
  unknownYet: readonly number[];
  ask(signal: AbortSignal): Promise<T>;
  done(answer: T): boolean;
}

async function poll<T>(id: string, options: WaitOptions, polled: Polled<T>): Promise<T> {
  const signal = options.signal ?? null;
  throwIfAborted(signal);
  const deadline = options.deadline ?? polled.deadline;
  const begun = performance.now();
  const left = (): number => deadline - (performance.now() - begun);
  const limit = AbortSignal.timeout(Math.max(1, Math.min(deadline, 2 ** 31 - 1)));
  const both = signal ? AbortSignal.any([signal, limit]) : limit;
  let interval = options.interval ?? defaults.interval;
  const longest = Math.max(interval, defaults.longestInterval);
  let lastFault: unknown;
  for (let polls = 1; left() > 0; polls++) {
    try {
      const answer = await polled.ask(both);
      if (polled.done(answer)) return answer;
      lastFault = undefined;
    } catch (error) {
      throwIfAborted(signal);
      if (limit.aborted) break;
      if (!(error instanceof AtlasError)) throw error;
      const notYet = polled.unknownYet.includes(error.status ?? 0) && deadline - left() < polled.fresh;
      // An outage is waited out, up to the deadline: the asset is made whether it is asked about or not.
      if (!notYet && !error.retryable) throw error;
      lastFault = error;
    }
    options.onProgress?.({ phase: polled.phase, loaded: polls, total: null });
    const wait = Math.min(interval, left());
    if (wait <= 0) break;
    await delay(wait, signal);
    interval = Math.min(longest, interval * 1.4);
  }
  throwIfAborted(signal);
  throw new AtlasError(
    "timeout",
    `${polled.what} ${id} is not ready after ${Math.round(deadline / 1000)} s`,
    {
      id,
      host: polled.what === "asset" ? "console" : "api",
      retryable: true,
      cause: lastFault,
      hint: `it may still become ready: ask for ${id} again later`,
    },
  );
}
