import { callSafely } from "../async/call-safely.ts";
import type { ApiKey } from "./api-key.ts";
import type { AssetIdField } from "./assets/asset-answer.ts";
import { createAssetCalls } from "./assets/asset-calls.ts";
import type { Host } from "./error.ts";
import { generateVideo, getPrediction } from "./generations/generation.ts";
import { HostGate } from "./http/host-gate.ts";
import { defaultRetry, type RetryPolicy } from "./http/retry.ts";
import type { Wire } from "./http/transport.ts";
import { resolveKey } from "./resolve-key.ts";
import type { AtlasClient, ClientEvent } from "./types.ts";
import { type OpenFile, uploadMedia } from "./uploads/upload.ts";
import { waitForPrediction } from "./wait.ts";

/** A client's checked options. */
export interface CallSetup {
  baseUrls: Readonly<Record<Host, string>>;
  listeners: ReadonlySet<(event: ClientEvent) => void>;
  apiKey: ApiKey;
  fetch: typeof fetch | undefined;
  /** Milliseconds; undefined for the defaults. */
  timeout: number | undefined;
  retry: Partial<RetryPolicy>;
  assetUriOrder: readonly AssetIdField[] | null;
  openFile: OpenFile | null;
  describeCertificate: Wire["describeCertificate"];
}

/** Every call of the service. */
export type Calls = Omit<AtlasClient, "consoleBaseUrl" | "subscribe">;

export function createCalls(setup: CallSetup): Calls {
  const { assetUriOrder, openFile } = setup;
  const wire = createWire(setup);
  const get: AtlasClient["getPrediction"] = (id, options) => getPrediction(wire, id, options);
  return {
    ...createAssetCalls(wire, assetUriOrder),
    uploadMedia: (file, options) => uploadMedia(wire, openFile, file, options),
    generateVideo: (body, options) => generateVideo(wire, body, options),
    getPrediction: get,
    waitForPrediction: (id, options) => waitForPrediction(get, id, options),
  };
}

function createWire(setup: CallSetup): Wire {
  const { baseUrls, listeners, apiKey, timeout, describeCertificate } = setup;
  const emit = (event: ClientEvent): void => {
    for (const listener of listeners) callSafely(listener, event);
  };
  const retry = { ...defaultRetry, ...setup.retry };
  const gate = (host: Host): HostGate =>
    new HostGate(host, retry, (pause) => emit({ kind: "pause", ...pause }));
  return {
    baseUrls,
    gates: { console: gate("console"), api: gate("api") },
    apiKey: (signal) => resolveKey(apiKey, signal),
    fetch: setup.fetch,
    timeout: { json: timeout ?? 30_000, upload: timeout ?? 60_000 },
    retry,
    describeCertificate,
    onRequest: (host) => emit({ kind: "request", host }),
  };
}
