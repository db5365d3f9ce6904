import { backoffDelay } from "../async/backoff.ts";
import { delay } from "../async/delay.ts";
import type { Asset, AtlasClient, CallOptions, WaitOptions } from "../atlas/types.ts";
import { MediaPreflightError } from "../errors.ts";
import { looksGenerated } from "../submit/asset/asset-name.ts";
import { requireKnownOptions } from "../validation/options.ts";
import { assetOf } from "./asset-answer.ts";
import { ServerClientError } from "./error.ts";
import { type ServerClientOptions, serverClientOptionNames } from "./options.ts";
import { createRequests, type ServerRequests } from "./requests.ts";
import { forgetUpload, noteAnswered, noteUnanswered, uploadMedia, uploadUrlPrefix } from "./upload-media.ts";

const defaultDeadline = 300_000;
const firstPause = 2000;
const longestPause = 5000;

/** The methods of AtlasClient that the handler offers. */
export type ServerCalls = Pick<AtlasClient, "uploadMedia" | "registerAsset" | "getAsset" | "waitUntilActive">;

/** The calls behind createServerClient, loaded with the first one. */
export function createServerCalls(endpoint: string, options: ServerClientOptions): ServerCalls {
  requireKnownOptions("createServerClient", options, serverClientOptionNames);
  const requests = createRequests(endpoint, options);
  return {
    uploadMedia: (file, given = {}) => uploadMedia(requests, file, given),
    registerAsset: (asset, given = {}) => registerAsset(requests, asset, given),
    getAsset: (id, given = {}) => getAsset(requests, id, given),
    waitUntilActive: (id, given = {}) => waitUntilActive(requests, id, given),
  };
}

async function registerAsset(
  requests: ServerRequests,
  asset: Parameters<AtlasClient["registerAsset"]>[0],
  { signal, onProgress }: CallOptions,
): Promise<Asset> {
  const prefix = uploadUrlPrefix(requests);
  if (!asset.url.startsWith(prefix)) {
    throw new MediaPreflightError("usage", "the server takes bytes only, no address", {
      hint: "register what uploadMedia returned",
    });
  }
  const upload = asset.url.slice(prefix.length);
  const body = {
    upload,
    type: asset.type.toLowerCase(),
    // A page cannot choose a generated name: the server makes its own.
    name: asset.name !== undefined && looksGenerated(asset.name) ? undefined : asset.name,
  };
  noteUnanswered(asset.url);
  // Repeated after a lost answer: an upload is registered once, the server answers with the same asset.
  const answer = await requests.post("/assets", body, signal).catch(async (error: unknown) => {
    if (error instanceof ServerClientError && error.outcome === "none") noteAnswered(asset.url);
    // The server deletes from the bucket what it refuses.
    if (!(error instanceof MediaPreflightError && error.retryable)) await forgetUpload(requests, upload);
    throw error;
  });
  noteAnswered(asset.url);
  await forgetUpload(requests, upload);
  onProgress?.({ phase: "register", loaded: 1, total: 1 });
  return assetOf(answer);
}

async function getAsset(requests: ServerRequests, id: string, { signal }: CallOptions): Promise<Asset> {
  return assetOf(await requests.get(`/assets/${encodeURIComponent(id)}`, signal));
}

async function waitUntilActive(requests: ServerRequests, id: string, given: WaitOptions): Promise<Asset> {
  const until = performance.now() + (given.deadline ?? defaultDeadline);
  const intervals = { base: given.interval ?? firstPause, cap: longestPause, factor: 1.5 };
  for (let polls = 1; ; polls++) {
    const asset = await getAsset(requests, id, given);
    given.onProgress?.({ phase: "wait", loaded: polls, total: null });
    if (asset.status === "active") return asset;
    if (asset.status === "failed") throw assetFailed(asset);
    const wait = backoffDelay(polls, intervals, 1);
    if (performance.now() + wait > until) {
      throw new ServerClientError("timeout", "the asset is still Processing", {
        hint: "wait for it later by its id",
        retryable: true,
        id,
      });
    }
    await delay(wait, given.signal ?? null);
  }
}

function assetFailed(asset: Asset): ServerClientError {
  const why = asset.errorMessage ?? asset.errorCode ?? "no reason given";
  return new ServerClientError("asset-failed", `the service set the asset to Failed: ${why}`, {
    id: asset.id,
    upstreamCode: asset.errorCode,
  });
}
