import { loadModule } from "../async/load-module.ts";
import type { AtlasClient } from "../atlas/types.ts";
import { MediaPreflightError } from "../errors.ts";
import type { ServerCalls } from "./calls.ts";
import { resolveEndpoint } from "./endpoint.ts";
import type { ServerClientOptions } from "./options.ts";

/** Milliseconds: the handler verifies and copies a signed upload within ten minutes, before it registers it. */
const registrationTimeout = 11 * 60_000;

/**
 * The service through the user's own server (`media-preflight/server`), which keeps the key: the client that `submit`
 * takes in a page. It uploads, registers, gets and waits; the other calls are not offered by the handler.
 *
 * It can be created at module level in code that is also rendered on a server. The code that sends is loaded with the
 * first call, which also refuses misspelt options.
 * @throws MediaPreflightError `usage`
 */
export function createServerClient(options: ServerClientOptions): AtlasClient {
  const endpoint = resolveEndpoint(options.endpoint);
  const load = (): Promise<typeof import("./calls.ts")> => loadModule(() => import("./calls.ts"));
  // Their state is shared: each call may make its own.
  const calls = async (): Promise<ServerCalls> => (await load()).createServerCalls(endpoint(), options);
  return {
    get consoleBaseUrl() {
      return endpoint();
    },
    registrationTimeout,
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
