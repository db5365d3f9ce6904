import type { Asset, AtlasClient, Progress } from "../../../atlas/types.ts";
import { isMediaPreflightError } from "../../../errors.ts";
import { browserPreflight } from "../../../preflight/preflight.browser.ts";
import { createBrowserSubmitAndPush } from "../../../push/submit-and-push.browser.ts";
import { createServerClient } from "../../../server-client/client.ts";
import type { ServerClientOptions } from "../../../server-client/options.ts";
import { type CheckOptions, reportedName } from "./check-file.ts";
import { type OutageWatcher, outlastOutages } from "./outages.ts";

/** How one file's way to the service is followed, and stopped. */
export interface SendWatcher extends OutageWatcher {
  onProgress(progress: Progress): void;
  /** The service has the file: its asset's id. */
  onRegistered(id: string): void;
}

/** Loads everything that sending needs, for a page whose network may be gone by then. */
export const loadSending = (): Promise<unknown> => import("../../../server-client/calls.ts");

/**
 * Sends a file through the page's own server; an outage of the network is waited out. With the id of an asset registered
 * before, it only waits for that.
 */
export async function sendFile(
  file: File,
  assetId: string | null,
  server: ServerClientOptions,
  options: CheckOptions,
  watcher: SendWatcher,
): Promise<Asset> {
  const client = outlastOutages(createServerClient(server), watcher);
  const earlier = assetId === null ? null : await earlierAsset(client, assetId, watcher);
  if (earlier) return earlier;
  const wasmUrl = (options.crossCheckOptions as { wasmUrl?: unknown } | undefined)?.wasmUrl;
  return createBrowserSubmitAndPush(browserPreflight.preflight).submit(file, {
    ...options,
    atlas: { ...client, registerAsset: (...given) => announceId(client.registerAsset(...given), watcher) },
    // A second opinion on every video is worth its milliseconds, where MediaInfo is served.
    crossCheck: options.crossCheck ?? (wasmUrl ? undefined : "auto"),
    file: reportedName(file),
    onProgress: (progress) => watcher.onProgress(progress),
    signal: watcher.signal,
  });
}

async function announceId(registering: Promise<Asset>, { onRegistered }: SendWatcher): Promise<Asset> {
  const asset = await registering;
  onRegistered(asset.id);
  return asset;
}

/** The asset when it is ready; null where the service has no usable one under this id any more. */
async function earlierAsset(
  client: AtlasClient,
  id: string,
  { onProgress, signal }: SendWatcher,
): Promise<Asset | null> {
  try {
    onProgress({ phase: "wait", loaded: 0, total: null });
    return await client.waitUntilActive(id, { signal });
  } catch (error) {
    const gone = ["not-found", "not-found-upstream", "asset-failed", "forbidden"];
    if (isMediaPreflightError(error) && gone.includes(error.code)) return null;
    throw error;
  }
}
