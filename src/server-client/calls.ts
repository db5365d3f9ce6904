import { backoffDelay } from "../async/backoff.ts";
import { delay } from "../async/delay.ts";
import type {
  Asset,
  AssetType,
  AtlasClient,
  CallOptions,
  Upload,
  UploadOptions,
  WaitOptions,
} from "../atlas/types.ts";
import { MediaPreflightError, throwIfAborted } from "../errors.ts";
import { looksGenerated } from "../submit/asset-name.ts";
import { requireKnownOptions } from "../validation/options.ts";
import { type ServerClientOptions, serverClientOptionNames } from "./options.ts";
import { answerOf, type PageAsset, ServerClientError } from "./response.ts";
import { sendBytes } from "./upload.ts";

const defaultDeadline = 300_000;
const firstPause = 2000;
const longestPause = 5000;

/** What the handler offers, over fetch; everything else of AtlasClient it does not. */
export type ServerCalls = Pick<AtlasClient, "uploadMedia" | "registerAsset" | "getAsset" | "waitUntilActive">;

/** The calls behind createServerClient, loaded with the first one. */
export function createServerCalls(endpoint: string, options: ServerClientOptions): ServerCalls {
  requireKnownOptions("createServerClient", options, serverClientOptionNames);
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);
  const credentials = options.credentials ?? "same-origin";
  const headersNow = async (): Promise<Record<string, string>> =>
    typeof options.headers === "function" ? options.headers() : { ...options.headers };

  async function call(
    path: string,
    init: RequestInit,
    signal: AbortSignal | null | undefined,
  ): Promise<unknown> {
    throwIfAborted(signal);
    const headers = { ...(await headersNow()), accept: "application/json", ...(init.headers as object) };
    try {
      const response = await send(endpoint + path, { ...init, headers, credentials, signal: signal ?? null });
      return answerOf(response.status, await response.text());
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof MediaPreflightError) throw error;
      throw new ServerClientError("network", "the connection to the server failed", {
        cause: error,
        retryable: true,
        outcome: "unknown",
      });
    }
  }

  const calls: ServerCalls = {
    async uploadMedia(file, given: UploadOptions = {}): Promise<Upload> {
      if (typeof file === "string") {
        throw new MediaPreflightError("usage", "a path cannot be sent from here", {
          hint: "give the File or Blob; in Node: await fs.openAsBlob(path)",
        });
      }
      const blob = file instanceof Blob ? file : new Blob([new Uint8Array(file)]);
      const name = given.filename ?? (blob as Partial<File>).name ?? "";
      const { upload } = await sendBytes({
        url: `${endpoint}/uploads`,
        blob,
        headers: {
          ...(await headersNow()),
          accept: "application/x-ndjson",
          "content-type": given.contentType || blob.type || "application/octet-stream",
          ...(name !== "" && { "x-file-name": encodeURIComponent(name) }),
        },
        credentials,
        fetch: options.fetch,
        onProgress: given.onProgress,
        signal: given.signal ?? null,
      });
      const size = typeof upload.size === "number" ? upload.size : null;
      const filename = typeof upload.filename === "string" ? upload.filename : null;
      // An address in form only: the id is what the server knows it by.
      return { url: `${endpoint}/uploads/${upload.id}`, filename, size, type: null, raw: upload };
    },

    async registerAsset(asset, given: CallOptions = {}): Promise<Asset> {
      const prefix = `${endpoint}/uploads/`;
      if (!asset.url.startsWith(prefix)) {
        throw new MediaPreflightError("usage", "the server takes bytes only, no address", {
          hint: "register what uploadMedia returned",
        });
      }
      const body = {
        upload: asset.url.slice(prefix.length),
        type: asset.type.toLowerCase(),
        // A generated name is not the page's to choose: the server makes its own.
        name: asset.name !== undefined && looksGenerated(asset.name) ? undefined : asset.name,
      };
      const init = {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      };
      // Sent again after a lost answer: an upload is registered once, the server answers with the same asset.
      const answer = await repeated(() => call("/assets", init, given.signal), given.signal);
      given.onProgress?.({ phase: "register", loaded: 1, total: 1 });
      return assetOf(answer);
    },

    async getAsset(id, given: CallOptions = {}): Promise<Asset> {
      const path = `/assets/${encodeURIComponent(id)}`;
      return assetOf(await repeated(() => call(path, { method: "GET" }, given.signal), given.signal));
    },

    async waitUntilActive(id, given: WaitOptions = {}): Promise<Asset> {
      const until = performance.now() + (given.deadline ?? defaultDeadline);
      const intervals = { base: given.interval ?? firstPause, cap: longestPause, factor: 1.5 };
      for (let polls = 1; ; polls++) {
        const asset = await calls.getAsset(id, given);
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
    },
  };
  return calls;
}

const tries = 4;
const retryBackoff = { base: 500, cap: 4000 };

/** Repeats a call that may be sent again after a lost answer. */
async function repeated(
  ask: () => Promise<unknown>,
  signal: AbortSignal | null | undefined,
): Promise<unknown> {
  for (let made = 1; ; made++) {
    try {
      return await ask();
    } catch (error) {
      const again = error instanceof MediaPreflightError && error.retryable && made < tries;
      if (!again) throw error;
      await delay(backoffDelay(made, retryBackoff), signal ?? null);
    }
  }
}

function assetFailed(asset: Asset): ServerClientError {
  const why = asset.errorMessage ?? asset.errorCode ?? "no reason given";
  return new ServerClientError("asset-failed", `the service judged the asset Failed: ${why}`, {
    id: asset.id,
    upstreamCode: asset.errorCode,
  });
}

const assetTypeNames: readonly AssetType[] = ["Image", "Video", "Audio"];

function assetOf(answer: unknown): Asset {
  const page = (answer as { asset?: PageAsset } | null)?.asset;
  if (typeof page?.id !== "string" || page.id === "") {
    throw new MediaPreflightError("protocol", "the server answered without an asset", {
      hint: "is the endpoint that of media-preflight/server?",
    });
  }
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const status = page.status === "active" || page.status === "failed" ? page.status : "processing";
  return {
    id: page.id,
    atlasAssetId: null,
    arkAssetId: null,
    uri: text(page.uri),
    status,
    rawStatus: text(page.rawStatus),
    type: assetTypeNames.find((name) => name === page.type) ?? null,
    name: text(page.name),
    url: null,
    errorCode: text(page.errorCode),
    errorMessage: text(page.errorMessage),
    notes: Array.isArray(page.notes) ? page.notes.filter((note) => typeof note === "string") : [],
    raw: page,
  };
}
