import { loadOnce } from "../async/load-once.ts";
import type { AtlasClient } from "../atlas/types.ts";
import { MediaPreflightError } from "../errors.ts";
import type { ServerCalls } from "./calls.ts";
import type { ServerClientOptions } from "./options.ts";

/**
 * The service through the user's own server (`media-preflight/server`), which keeps the key: the client that
 * `submit` takes in a page. It uploads, registers and waits; what else the service offers, the handler does not.
 *
 * What does the work is loaded with the first call.
 * @throws MediaPreflightError `usage`
 */
export function createServerClient(options: ServerClientOptions): AtlasClient {
  const endpoint = absolute(options.endpoint);
  const calls = loadOnce<ServerCalls>(async () =>
    (await import("./calls.ts")).createServerCalls(endpoint, options),
  );
  return {
    consoleBaseUrl: endpoint,
    uploadMedia: async (...given) => (await calls()).uploadMedia(...given),
    registerAsset: async (...given) => (await calls()).registerAsset(...given),
    getAsset: async (...given) => (await calls()).getAsset(...given),
    waitUntilActive: async (...given) => (await calls()).waitUntilActive(...given),
    listAssets: () => notOffered("listAssets"),
    renameAsset: async () => notOffered("renameAsset"),
    trashAsset: async () => notOffered("trashAsset"),
    listTrash: () => notOffered("listTrash"),
    restoreAsset: async () => notOffered("restoreAsset"),
    generateVideo: async () => notOffered("generateVideo"),
    getPrediction: async () => notOffered("getPrediction"),
    waitForPrediction: async () => notOffered("waitForPrediction"),
  };
}

function notOffered(method: string): never {
  throw new MediaPreflightError("usage", `${method} is not offered by the server handler`, {
    hint: "do it on the server, with createAtlasClient",
  });
}

function absolute(endpoint: string): string {
  const base = (globalThis as { location?: { href?: string } }).location?.href;
  if (!URL.canParse(endpoint, base)) {
    throw new MediaPreflightError("usage", `the endpoint ${JSON.stringify(endpoint)} is not an address`, {
      hint: 'name where the handler is mounted: "/media", or a whole URL outside of a page',
    });
  }
  const { origin, pathname } = new URL(endpoint, base);
  return origin + pathname.replace(/\/+$/, "");
}
