import { backoffDelay } from "../async/backoff.ts";
import { callSafely } from "../async/call-safely.ts";
import { delay } from "../async/delay.ts";
import { throwIfAborted } from "../errors.ts";
import { AtlasError, type Host } from "./error.ts";
import type { Asset, AtlasClient, Prediction, Progress, WaitOptions } from "./types.ts";

/** Milliseconds. The service's guide polls every 2 to 5 s. */
const defaults = {
  assetDeadline: 300_000,
  predictionDeadline: 1_200_000,
  interval: 2000,
  longestInterval: 5000,
  /** How long the host may not know a new id yet. */
  newAsset: 15_000,
  newPrediction: 30_000,
};

/** Polls until the asset is Active. @throws AtlasError `asset-failed`, `timeout` (the id on it) */
export async function waitUntilActive(
  getAsset: AtlasClient["getAsset"],
  id: string,
  options: WaitOptions = {},
): Promise<Asset> {
  const asset = await poll(id, options, {
    phase: "wait",
    what: "asset",
    host: "console",
    deadline: defaults.assetDeadline,
    graceForNew: defaults.newAsset,
    unknownStatuses: [404],
    fetch: (signal) => getAsset(id, { signal }),
    resumeCommand: `media-preflight assets get ${id}`,
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
export async function waitForPrediction(
  getPrediction: AtlasClient["getPrediction"],
  id: string,
  options: WaitOptions = {},
): Promise<Prediction> {
  const prediction = await poll(id, options, {
    phase: "generate",
    what: "prediction",
    host: "api",
    deadline: defaults.predictionDeadline,
    graceForNew: defaults.newPrediction,
    unknownStatuses: [400, 404],
    fetch: (signal) => getPrediction(id, { signal }),
    resumeCommand: `atlas.waitForPrediction("${id}")`,
  });
  if (prediction.status === "succeeded" && prediction.outputs.length > 0) return prediction;
  throw predictionFailed(prediction);
}

/** The code of refused content, in predictions (official clients, seen 2026-11). */
const moderationCode = "1039";

function predictionFailed({ id, status, errorCode, errorMessage, rawStatus }: Prediction): AtlasError {
  if (status === "succeeded")
    return new AtlasError("prediction-failed", `prediction ${id} succeeded without an output URL`, {
      id,
      host: "api",
      hint: "look at it in the service's console",
    });
  const why = [errorCode, errorMessage ?? rawStatus].filter(Boolean).join(": ");
  return new AtlasError("prediction-failed", `prediction ${id} failed: ${why || "no reason given"}`, {
    id,
    host: "api",
    upstreamCode: errorCode,
    ...(errorCode !== null && {
      hint:
        errorCode === moderationCode
          ? "moderation refused the content: change the prompt or the references"
          : `media-preflight explain ${errorCode}`,
    }),
  });
}

/** What is polled, and how. */
interface Polling<T> {
  phase: Progress["phase"];
  what: string;
  host: Host;
  deadline: number;
  graceForNew: number;
  /** HTTP statuses of an id that the host does not know (yet). */
  unknownStatuses: readonly number[];
  fetch(signal: AbortSignal): Promise<T>;
  /** How the user continues after the deadline. */
  resumeCommand: string;
}

async function poll<T extends Asset | Prediction>(
  id: string,
  options: WaitOptions,
  polling: Polling<T>,
): Promise<T> {
  const signal = options.signal ?? null;
  throwIfAborted(signal);
  const deadline = options.deadline ?? polling.deadline;
  const begun = performance.now();
  const left = (): number => deadline - (performance.now() - begun);
  const timeout = AbortSignal.timeout(Math.ceil(Math.max(1, Math.min(deadline, 2 ** 31 - 1))));
  const ended = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const base = options.interval ?? defaults.interval;
  const intervals = { base, cap: Math.max(base, defaults.longestInterval), factor: 1.4 };
  let lastStatus: string | null = null;
  let lastError: unknown;
  for (let polls = 1; left() > 0; polls++) {
    try {
      const answer = await polling.fetch(ended);
      if (answer.status !== "processing") return answer;
      lastStatus = answer.rawStatus;
      lastError = undefined;
    } catch (error) {
      throwIfAborted(signal);
      if (timeout.aborted) break;
      if (!(error instanceof AtlasError)) throw error;
      const isNew = deadline - left() < polling.graceForNew;
      const notYet = polling.unknownStatuses.includes(error.status ?? 0) && isNew;
      // An outage does not end the wait: the asset is processed meanwhile.
      if (!notYet && !error.retryable) throw error;
      lastError = error;
    }
    callSafely(options.onProgress, { phase: polling.phase, loaded: polls, total: null });
    const wait = Math.min(backoffDelay(polls, intervals, 1), left());
    if (wait <= 0) break;
    await delay(wait, signal);
  }
  throwIfAborted(signal);
  throw deadlineError(id, deadline, polling, { lastStatus, lastError });
}

function deadlineError(
  id: string,
  deadline: number,
  { what, host, resumeCommand }: Pick<Polling<never>, "what" | "host" | "resumeCommand">,
  { lastStatus, lastError }: { lastStatus: string | null; lastError: unknown },
): AtlasError {
  const seconds = Math.round(deadline / 1000);
  const last = lastStatus === null ? "no status was received" : `last status: ${lastStatus.slice(0, 80)}`;
  const fault = lastError instanceof AtlasError ? `; last error: ${lastError.message}` : "";
  return new AtlasError("timeout", `${what} ${id} is not ready after ${seconds} s (${last}${fault})`, {
    id,
    host,
    requestId: lastError instanceof AtlasError ? lastError.requestId : null,
    retryable: true,
    cause: lastError,
    hint: `it may still become ready; ask again: ${resumeCommand}`,
  });
}
