import { type Context, Hono } from "hono";
import type { AssetType } from "../../atlas/types.ts";
import { assetOnWire, assetTypeNames, matches, pageOnWire, statusOf } from "../assets.ts";
import { answer, type ErrorStatus, jsonObject, refusal, unknownPath } from "../http/wire.ts";
import type { EmulatorState } from "../state.ts";
import { randomId, type StoredAsset } from "../store.ts";

const nameLimit = 64;
const largestPage = 100;
const defaultPage = 20;

/** The console host: the Asset Library. */
export function consoleHost(state: EmulatorState): Hono {
  const { store } = state;
  const refuse = (status: ErrorStatus, message: string): Response =>
    refusal("console", status, message, state.toggles);
  const find = (c: Context, trashed: boolean): StoredAsset | undefined =>
    store.state.assets.find((asset) => matches(asset, c.req.param("id")) && asset.trashed === trashed);
  const list = (c: Context, trashed: boolean): Response => {
    const query = {
      page: count(c.req.query("page_number"), 1),
      size: count(c.req.query("page_size"), defaultPage),
    };
    query.size = Math.min(query.size, largestPage);
    const filter = filterOf(c, state);
    const assets = store.state.assets.filter((asset) => asset.trashed === trashed && filter(asset));
    return answer("console", pageOnWire(assets, query, state.toggles));
  };

  const app = new Hono().basePath("/api/v1/sd/assets");
  app.post("/", (c) => createAsset(c, state));
  app.get("/", (c) => list(c, false));
  app.get("/trash", (c) => list(c, true));
  app.get("/:id", (c) => {
    const asset = find(c, false);
    return asset
      ? answer("console", assetOnWire(asset, state.toggles))
      : refuse(404, "NotFound.Asset: no such asset");
  });
  app.put("/:id", async (c) => {
    const asset = find(c, false);
    if (!asset) return refuse(404, "NotFound.Asset: no such asset");
    const name = (await jsonObject(c.req.raw))?.name;
    if (!fits(name) || name === "") return refuse(400, "InvalidParameter.Name: name is missing or too long");
    asset.name = name;
    await store.save();
    return answer("console", assetOnWire(asset, state.toggles));
  });
  app.delete("/:id", async (c) => {
    const asset = find(c, false);
    if (!asset) return refuse(404, "NotFound.Asset: no such asset");
    asset.trashed = true;
    await store.save();
    return state.toggles.emptyDelete ? new Response(null, { status: 204 }) : answer("console", {});
  });
  app.post("/:id/restore", async (c) => {
    const asset = find(c, true);
    if (!asset) return refuse(404, "NotFound.Asset: not in the trash");
    asset.trashed = false;
    await store.save();
    return answer("console", assetOnWire(asset, state.toggles));
  });
  app.notFound(() => unknownPath("console", state.toggles));
  // A client that disconnected while sending its body.
  app.onError(() => refuse(500, "InternalError"));
  return app;
}

async function createAsset(c: Context, state: EmulatorState): Promise<Response> {
  const { store } = state;
  const refuse = (message: string): Response => refusal("console", 400, message, state.toggles);
  const body = await jsonObject(c.req.raw);
  if (!body) return refuse("InvalidParameter: the body is not a JSON object");
  const type = body.type ?? "Image";
  if (!isAssetType(type)) return refuse("InvalidParameter.Type: type is not Image, Video or Audio");
  const url = typeof body.url === "string" ? body.url : "";
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return refuse("InvalidParameter.Url: url is not a public http(s) address");
  }
  const name = body.name ?? "";
  if (!fits(name)) return refuse(`InvalidParameter.Name: name is longer than ${nameLimit} characters`);
  const asset: StoredAsset = {
    id: store.nextId(),
    atlasAssetId: `atlas-asset-${randomId()}`,
    arkAssetId: `asset-${randomId()}`,
    type,
    url,
    name,
    createdAt: new Date().toISOString(),
    readyAt: Date.now() + state.toggles.processingMs,
    outcome: null,
    trashed: false,
  };
  store.state.assets.push(asset);
  await store.save();
  const { id, status, atlas_asset_id, ark_asset_id } = assetOnWire(asset, state.toggles);
  state.scheduleValidation(asset);
  const created = { id, atlas_asset_id, ark_asset_id, status };
  return state.toggles.flatCreate ? Response.json(created) : answer("console", created);
}

/** Filters of a list: `type`, `status`, both case-insensitive, and a part of the `name`. */
function filterOf(c: Context, state: EmulatorState): (asset: StoredAsset) => boolean {
  const equals = (query: string, value: string): boolean =>
    (c.req.query(query) ?? value).toLowerCase() === value.toLowerCase();
  return (asset) =>
    equals("type", asset.type) &&
    equals("status", statusOf(asset, state.toggles)) &&
    asset.name.includes(c.req.query("name") ?? "");
}

const isAssetType = (value: unknown): value is AssetType => assetTypeNames.some((name) => name === value);

const fits = (name: unknown): name is string => typeof name === "string" && [...name].length <= nameLimit;

function count(text: string | undefined, otherwise: number): number {
  const n = Number(text ?? otherwise);
  return Number.isSafeInteger(n) && n > 0 ? n : otherwise;
}
