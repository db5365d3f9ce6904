import * as v from "valibot";
import { redactText } from "../bytes/url/redact.ts";
import { Unfit } from "./call.ts";
import { type Envelope, errorText, type Fields, isFields, stripCode } from "./envelope.ts";
import type { Asset, AssetStatus, AssetType, Prediction, Upload } from "./types.ts";

/** Which id an `asset://` reference is made of. */
export type AssetIdField = "atlas_asset_id" | "ark_asset_id" | "id";

// Fields that may be of any type without making the answer useless become null.
const text = v.fallback(v.nullish(v.string(), null), null);
const idText = v.fallback(
  v.nullish(
    v.pipe(
      v.union([v.string(), v.number()]),
      v.transform(String),
      v.trim(),
      v.minLength(1),
      v.maxLength(256),
    ),
    null,
  ),
  null,
);
const codeText = v.fallback(v.nullish(v.union([v.string(), v.number()]), null), null);

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

const predictionAnswer = v.looseObject({
  id: idText,
  status: text,
  outputs: v.fallback(v.nullish(v.array(v.unknown()), null), null),
  error: v.optional(v.unknown()),
});

function redacted(told: string | null): string | null {
  return told === null ? null : redactText(told);
}

/** Compared case-insensitively; anything unknown is not ready, never success. */
export function statusOf(raw: string | null): AssetStatus {
  const word = raw?.trim().toLowerCase() ?? "";
  if (word === "active") return "active";
  return word === "failed" || word === "rejected" || word === "error" ? "failed" : "processing";
}

const typeWords: Readonly<Record<string, AssetType>> = { image: "Image", video: "Video", audio: "Audio" };

/** An asset from its fields. @throws Unfit without any id */
export function readAsset(raw: unknown, order: readonly AssetIdField[] | null): Asset {
  const parsed = v.safeParse(assetAnswer, raw);
  if (!parsed.success || !isFields(raw)) throw new Unfit("an asset that is no object");
  const { id, atlas_asset_id, ark_asset_id, ...fields } = parsed.output;
  const recordId = id ?? atlas_asset_id ?? ark_asset_id;
  if (recordId === null) throw new Unfit("an asset without an id");
  const status = statusOf(fields.status);
  const inner = isFields(fields.error) ? fields.error : null;
  const notes: string[] = [];
  return {
    id: recordId,
    atlasAssetId: atlas_asset_id,
    arkAssetId: ark_asset_id,
    uri: assetUri({ id, atlas_asset_id, ark_asset_id }, status === "active", order, notes),
    status,
    rawStatus: fields.status,
    type: typeWords[(fields.type ?? fields.asset_type ?? "").toLowerCase()] ?? null,
    name: fields.name,
    url: fields.url,
    errorCode: stripCode(fields.error_code ?? inner?.code),
    // It may quote the address, which may be signed.
    errorMessage: redacted(
      fields.error_message ?? (typeof fields.error === "string" ? fields.error : errorText(inner)),
    ),
    notes,
    raw,
  };
}

/**
 * `asset://…`: by default of atlas_asset_id, else ark_asset_id, else a non-numeric id; a numeric id, which is that
 * of a database row, only where the asset is Active and has no other, and then with a note.
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
    if (!order) notes.push("the service gave a numeric id only: the reference is made of it");
    return `asset://${id}`;
  }
  return null;
}

/** One page of a list, and how many there are in all, where the service says. */
export interface Page {
  items: Asset[];
  total: number | null;
}

/** The items of a list and the total it claims. @throws Unfit */
export function readList({ data, top }: Envelope, order: readonly AssetIdField[] | null): Page {
  const list = Array.isArray(data) ? data : firstList(data as Fields);
  if (list === undefined) throw new Unfit("a list without items");
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

/** Where an upload can be fetched: the first of four places that holds an http(s) address. @throws Unfit */
export function readUpload({ data, top }: Envelope): Upload {
  const inner: Fields = isFields(data) ? data : {};
  const url = [inner.download_url, inner.url, top.download_url, top.url].find(
    (told): told is string => typeof told === "string" && /^https?:\/\//i.test(told) && URL.canParse(told),
  );
  if (url === undefined) throw new Unfit("an upload without an http(s) address");
  const word = (...told: unknown[]): string | null =>
    told.find((one): one is string => typeof one === "string" && one !== "") ?? null;
  const size = Number(inner.size ?? Number.NaN);
  return {
    url,
    filename: word(inner.filename, inner.file_name),
    size: Number.isSafeInteger(size) && size >= 0 ? size : null,
    type: word(inner.type, inner.content_type),
    raw: inner,
  };
}

const predictionStatuses: Readonly<Record<string, Prediction["status"]>> = {
  completed: "succeeded",
  succeeded: "succeeded",
  failed: "failed",
  timeout: "failed",
  canceled: "failed",
  cancelled: "failed",
};

/** A prediction from its fields. @throws Unfit without an id, unless the id asked for is given */
export function readPrediction(raw: unknown, asked: string | null): Prediction {
  const parsed = v.safeParse(predictionAnswer, raw);
  if (!parsed.success || !isFields(raw)) throw new Unfit("a prediction that is no object");
  const { id, status, outputs, error } = parsed.output;
  if (id !== null && asked !== null && id !== asked)
    throw new Unfit("another prediction than the one asked for");
  const known = id ?? asked;
  if (known === null) throw new Unfit("a prediction without an id");
  const addresses = (outputs ?? []).map((one) => (isFields(one) ? one.url : one));
  const word = predictionStatuses[status?.trim().toLowerCase() ?? ""] ?? "processing";
  return {
    id: known,
    status: word,
    rawStatus: status,
    outputs: addresses.filter((one): one is string => typeof one === "string" && one !== ""),
    errorMessage: redacted(
      typeof error === "string" && error !== "" ? error : word === "failed" ? errorText(raw) : null,
    ),
    raw,
  };
}
