import type { Asset, AssetType } from "../atlas/types.ts";
import { MediaPreflightError } from "../errors.ts";
import type { PageAsset } from "./response.ts";

const assetTypeNames: readonly AssetType[] = ["Image", "Video", "Audio"];

/** The asset in an answer of the handler. @throws MediaPreflightError `protocol` */
export function assetOf(answer: unknown): Asset {
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
