import { loadModule } from "../async/load-module.ts";
import { loadOnce } from "../async/load-once.ts";
import { MediaPreflightError } from "../errors.ts";
import type { AssetIdField } from "./answers.ts";
import type { OpenFile } from "./calls.ts";
import { baseUrl } from "./hosts.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Asset, AtlasClient } from "./types.ts";

/** How the service is reached. */
export interface AtlasClientOptions {
  /** The key, or what fetches it before each request. */
  apiKey: string | (() => string | Promise<string>);
  /** Host of uploads and generations; default https://api.atlascloud.ai/api/v1. */
  apiBaseUrl?: string | undefined;
  /** Host of assets; default https://console.atlascloud.ai/api/v1. */
  consoleBaseUrl?: string | undefined;
  /** A key in a page can be read by everybody who opens it. Use createServerClient there. */
  dangerouslyAllowBrowser?: boolean | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds without any progress until one try is given up. Default 30,000, for uploads 60,000. */
  timeout?: number | undefined;
  retry?: Partial<RetryPolicy> | undefined;
  /** Which id makes an asset's uri, best first. Default atlas_asset_id, ark_asset_id, id. */
  assetUriOrder?: readonly AssetIdField[] | undefined;
  /** What opens a path; Node's client brings it. */
  openFile?: OpenFile | undefined;
}

/**
 * The service behind one client: each call knows its host, so the two cannot be mixed up. Only GET, uploadMedia and
 * what may be repeated without harm is tried again; registerAsset and generateVideo are sent once.
 *
 * What does the work is loaded with the first call.
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
  const { apiKey, timeout } = options;
  if (typeof apiKey !== "function") usableKey(apiKey);
  const baseUrls = {
    console: baseUrl("console", options.consoleBaseUrl),
    api: baseUrl("api", options.apiBaseUrl),
  };
  const setup = {
    wire: {
      baseUrls,
      apiKey: async () => usableKey(typeof apiKey === "function" ? await apiKey() : apiKey),
      fetch: options.fetch,
      timeout: { json: timeout ?? 30_000, upload: timeout ?? 60_000 },
      retry: options.retry,
    },
    assetUriOrder: options.assetUriOrder ?? null,
    openFile: options.openFile ?? null,
  };
  type Calls = Omit<AtlasClient, "consoleBaseUrl">;
  const calls = loadOnce<Calls>(async () =>
    (await loadModule(() => import("./calls.ts"))).createCalls(setup),
  );
  async function* listed(
    which: "listAssets" | "listTrash",
    filter: Parameters<Calls["listAssets"]>[0],
  ): AsyncGenerator<Asset, unknown> {
    return yield* (await calls())[which](filter);
  }
  return {
    consoleBaseUrl: baseUrls.console,
    uploadMedia: async (...given) => (await calls()).uploadMedia(...given),
    registerAsset: async (...given) => (await calls()).registerAsset(...given),
    getAsset: async (...given) => (await calls()).getAsset(...given),
    waitUntilActive: async (...given) => (await calls()).waitUntilActive(...given),
    listAssets: (filter) => listed("listAssets", filter),
    renameAsset: async (...given) => (await calls()).renameAsset(...given),
    trashAsset: async (...given) => (await calls()).trashAsset(...given),
    listTrash: (filter) => listed("listTrash", filter),
    restoreAsset: async (...given) => (await calls()).restoreAsset(...given),
    generateVideo: async (...given) => (await calls()).generateVideo(...given),
    getPrediction: async (...given) => (await calls()).getPrediction(...given),
    waitForPrediction: async (...given) => (await calls()).waitForPrediction(...given),
  };
}

/** Visible ASCII only: anything else in a header is an error that quotes the header, and so the key. */
function usableKey(key: unknown): string {
  const trimmed = typeof key === "string" ? key.trim() : "";
  if (trimmed === "")
    throw new MediaPreflightError("no-key", "there is no API key", {
      hint: "make one at the service's console and put it into ATLASCLOUD_API_KEY",
    });
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw new MediaPreflightError("no-key", "the API key holds characters that no key has", {
      hint: "copy it again: spaces, line ends or quotation marks may have come along",
    });
  return trimmed;
}

/** A page or one of its workers; not Node, Deno or Bun, not a server's worker without a location. */
function isBrowser(): boolean {
  const scope = globalThis as Record<string, unknown>;
  const node = (scope.process as { versions?: { node?: string } } | undefined)?.versions?.node;
  if (scope.window !== undefined && scope.document !== undefined) return true;
  return node === undefined && scope.WorkerGlobalScope !== undefined && scope.location !== undefined;
}
