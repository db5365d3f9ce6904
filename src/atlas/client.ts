import { loadModule } from "../async/load-module.ts";
import { loadOnce } from "../async/load-once.ts";
import { environment, isBrowser } from "../bytes/url/runtime.ts";
import { MediaPreflightError } from "../errors.ts";
import { type ApiKey, validKey } from "./api-key.ts";
import type { AssetIdField } from "./assets/asset-answer.ts";
import type { CallSetup, Calls } from "./calls.ts";
import { baseUrl } from "./hosts.ts";
import type { RetryPolicy } from "./http/retry.ts";
import type { Asset, AtlasClient, ClientEvent } from "./types.ts";
import type { OpenFile } from "./uploads/upload.ts";

/** Options of a client. */
export interface AtlasClientOptions {
  /** The key, or a function that fetches it before each request. */
  apiKey: ApiKey;
  /** Host of uploads and generations. Default: ATLASCLOUD_API_BASE_URL, else https://api.atlascloud.ai/api/v1. */
  apiBaseUrl?: string | undefined;
  /** Host of assets. Default: ATLASCLOUD_CONSOLE_BASE_URL, else https://console.atlascloud.ai/api/v1. */
  consoleBaseUrl?: string | undefined;
  /** Allows a key in a page, where everybody who opens the page can read it. Use createServerClient there. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Used instead of the global fetch. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds without any progress until an attempt is aborted. Default 30,000, for uploads 60,000. */
  timeout?: number | undefined;
  /** When a failed request is tried again. Default: 8 attempts within three minutes, delays of 250 to 8,000 ms. */
  retry?: Partial<RetryPolicy> | undefined;
  /** Which id an asset's uri is made of, in order of preference. Default atlas_asset_id, ark_asset_id, id. */
  assetUriOrder?: readonly AssetIdField[] | undefined;
  /** Opens a path; Node's client provides it. */
  openFile?: OpenFile | undefined;
  /** Describes the certificate of an origin for error messages; Node's client provides it. */
  describeCertificate?: ((origin: string) => Promise<string | null>) | undefined;
}

/**
 * The client of the service: each call has its host, so that the two cannot be mixed up. GET, uploadMedia and
 * other calls that may be repeated are retried; registerAsset and generateVideo are sent once. Share one client: a
 * `Retry-After` or an unreachable host then pauses all its calls. The implementation is loaded by the first call.
 * @throws MediaPreflightError `browser-key`, `no-key`, `usage` (a base URL)
 */
export function createAtlasClient(options: AtlasClientOptions): AtlasClient {
  if (!options.dangerouslyAllowBrowser && isBrowser())
    throw new MediaPreflightError(
      "browser-key",
      "an API key in a page can be read by everybody who opens it",
      {
        hint: "use createServerClient({ endpoint }), or dangerouslyAllowBrowser: true if nobody else opens it",
      },
    );
  const { apiKey } = options;
  if (typeof apiKey !== "function") validKey(apiKey);
  const baseUrls = {
    console: baseUrl("console", options.consoleBaseUrl ?? environment("ATLASCLOUD_CONSOLE_BASE_URL")),
    api: baseUrl("api", options.apiBaseUrl ?? environment("ATLASCLOUD_API_BASE_URL")),
  };
  const listeners = new Set<(event: ClientEvent) => void>();
  const setup: CallSetup = {
    baseUrls,
    listeners,
    apiKey,
    fetch: options.fetch,
    timeout: options.timeout,
    retry: { ...options.retry },
    assetUriOrder: options.assetUriOrder ?? null,
    openFile: options.openFile ?? null,
    describeCertificate: options.describeCertificate ?? null,
  };
  const calls = loadOnce<Calls>(async () =>
    (await loadModule(() => import("./calls.ts"))).createCalls(setup),
  );
  async function* list(
    method: "listAssets" | "listTrash",
    filter: Parameters<Calls["listAssets"]>[0],
  ): AsyncGenerator<Asset, unknown> {
    return yield* (await calls())[method](filter);
  }
  return {
    consoleBaseUrl: baseUrls.console,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    uploadMedia: async (...given) => (await calls()).uploadMedia(...given),
    registerAsset: async (...given) => (await calls()).registerAsset(...given),
    getAsset: async (...given) => (await calls()).getAsset(...given),
    waitUntilActive: async (...given) => (await calls()).waitUntilActive(...given),
    listAssets: (filter) => list("listAssets", filter),
    renameAsset: async (...given) => (await calls()).renameAsset(...given),
    trashAsset: async (...given) => (await calls()).trashAsset(...given),
    listTrash: (filter) => list("listTrash", filter),
    restoreAsset: async (...given) => (await calls()).restoreAsset(...given),
    generateVideo: async (...given) => (await calls()).generateVideo(...given),
    getPrediction: async (...given) => (await calls()).getPrediction(...given),
    waitForPrediction: async (...given) => (await calls()).waitForPrediction(...given),
  };
}
