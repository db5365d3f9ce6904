import * as v from "valibot";
import { codeText, idText, redacted, text } from "../http/answer-fields.ts";
import { InvalidAnswer } from "../http/call.ts";
import { type Envelope, errorText, type Fields, isFields, stripCode } from "../http/envelope.ts";
import type { Asset, AssetStatus, AssetType } from "../types.ts";

/** Which id an `asset://` reference is made of. */
export type AssetIdField = "atlas_asset_id" | "ark_asset_id" | "id";

const assetAnswer = v.looseObject({
  id: idText,
  atlas_asset_id: idText,
  ark_asset_id: idText,
  status: text,
  type: text,
  asset_type: text,
  name: text,
  url: text,
  error_code: codeText,
  error_message: text,
  error: v.optional(v.unknown()),
});

/** Compared case-insensitively; anything unknown, "Ready" included, is not ready, never success. */
export function assetStatus(raw: string | null): AssetStatus {
  const word = raw?.trim().toLowerCase() ?? "";
  if (word === "active") return "active";
  return word === "failed" || word === "rejected" || word === "error" ? "failed" : "processing";
}

const typesByWord: Readonly<Record<string, AssetType>> = { image: "Image", video: "Video", audio: "Audio" };

/** An asset from its fields. @throws InvalidAnswer without any id */
export function readAsset(raw: unknown, order: readonly AssetIdField[] | null): Asset {
  const parsed = v.safeParse(assetAnswer, raw);
  if (!parsed.success || !isFields(raw)) throw new InvalidAnswer("an asset that is not an object");
  const { id, atlas_asset_id, ark_asset_id, ...fields } = parsed.output;
  const recordId = id ?? atlas_asset_id ?? ark_asset_id;
  if (recordId === null) throw new InvalidAnswer("an asset without an id");
  const status = assetStatus(fields.status);
  const inner = isFields(fields.error) ? fields.error : null;
  const notes: string[] = [];
  return {
    id: recordId,
    atlasAssetId: atlas_asset_id,
    arkAssetId: ark_asset_id,
    uri: assetUri({ id, atlas_asset_id, ark_asset_id }, status === "active", order, notes),
    status,
    rawStatus: fields.status,
    type: typesByWord[(fields.type ?? fields.asset_type ?? "").toLowerCase()] ?? null,
    name: fields.name,
    url: fields.url,
    errorCode: stripCode(fields.error_code ?? inner?.code),
    errorMessage: redacted(
      fields.error_message ?? (typeof fields.error === "string" ? fields.error : errorText(inner)),
    ),
    notes,
    raw,
  };
}

/**
 * `asset://…`: by default of atlas_asset_id, else ark_asset_id, else a non-numeric id. A numeric id is that of a
 * database row: it is used only if the asset is Active and has no other, and then with a note.
 */
function assetUri(
  ids: Readonly<Record<AssetIdField, string | null>>,
  active: boolean,
  order: readonly AssetIdField[] | null,
  notes: string[],
): string | null {
  for (const field of order ?? (["atlas_asset_id", "ark_asset_id", "id"] as const)) {
    const id = ids[field];
    if (id === null) continue;
    if (field !== "id" || !/^\d+$/.test(id)) return id.startsWith("asset://") ? id : `asset://${id}`;
    if (!active) continue;
    if (!order) notes.push("the service returned only a numeric id; the asset:// reference uses it");
    return `asset://${id}`;
  }
  return null;
}

/** One page of a list, and the number of all assets, if the service states it. */
export interface Page {
  items: Asset[];
  total: number | null;
}

/** The items of a list and the total that it states. @throws InvalidAnswer */
export function readPage({ data, top }: Envelope, order: readonly AssetIdField[] | null): Page {
  const list = Array.isArray(data) ? data : firstList(data as Fields);
  if (list === undefined) throw new InvalidAnswer("a list without items");
  const count = isFields(data) ? (data.total_count ?? data.total) : (top.total_count ?? top.total);
  const total = typeof count === "number" || typeof count === "string" ? Number(count) : Number.NaN;
  return { items: (list ?? []).map((item) => readAsset(item, order)), total: total >= 0 ? total : null };
}

function firstList(data: Fields): readonly unknown[] | null | undefined {
  let empty: null | undefined;
  for (const field of ["items", "list"]) {
    if (Array.isArray(data[field])) return data[field];
    if (data[field] === null) empty = null;
  }
  return empty;
}
