import type { AssetIdField } from "./asset-answer.ts";
import { createAssetCalls } from "./asset-calls.ts";
import { generateVideo, getPrediction } from "./generation.ts";
import type { Wire } from "./transport.ts";
import type { AtlasClient } from "./types.ts";
import { type OpenFile, uploadMedia } from "./upload.ts";
import { waitForPrediction } from "./wait.ts";

export interface CallSetup {
  wire: Wire;
  assetUriOrder: readonly AssetIdField[] | null;
  openFile: OpenFile | null;
}

/** Every call of the service. */
export type Calls = Omit<AtlasClient, "consoleBaseUrl" | "subscribe">;

export function createCalls({ wire, assetUriOrder, openFile }: CallSetup): Calls {
  const ask: AtlasClient["getPrediction"] = (id, options) => getPrediction(wire, id, options);
  return {
    ...createAssetCalls(wire, assetUriOrder),
    uploadMedia: (file, options) => uploadMedia(wire, openFile, file, options),
    generateVideo: (body, options) => generateVideo(wire, body, options),
    getPrediction: ask,
    waitForPrediction: (id, options) => waitForPrediction(ask, id, options),
  };
}
