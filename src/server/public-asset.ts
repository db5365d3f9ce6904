import { type Asset, assetTypes } from "../atlas/types.ts";
import { redactText } from "../bytes/url/redact.ts";
import type { Kind } from "../facts/formats.ts";

/** An asset as a page sees it; `id` is a ticket, valid only for the label it was issued to. */
export function publicAsset(asset: Asset, kind: Kind, id: string): Record<string, unknown> {
  const text = (value: string | null): string | null => (value === null ? null : redactText(value));
  return {
    id,
    uri: asset.uri,
    status: asset.status,
    rawStatus: asset.rawStatus,
    type: asset.type ?? assetTypes[kind],
    name: text(asset.name),
    errorCode: text(asset.errorCode),
    errorMessage: text(asset.errorMessage),
    notes: asset.notes.map(redactText),
  };
}
