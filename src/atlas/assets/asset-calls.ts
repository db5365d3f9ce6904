import { MediaPreflightError } from "../../errors.ts";
import { AtlasError } from "../error.ts";
import { type Call, InvalidAnswer } from "../http/call.ts";
import type { Envelope } from "../http/envelope.ts";
import { idSegment } from "../http/id-segment.ts";
import { send, type Wire } from "../http/transport.ts";
import type { Asset, AssetFilter, AtlasClient, CallOptions, ListEnd } from "../types.ts";
import { waitUntilActive } from "../wait.ts";
import { type AssetIdField, type Page, readAsset, readPage } from "./asset-answer.ts";
import { allPages } from "./asset-pages.ts";

type AssetCalls = Pick<
  AtlasClient,
  | "registerAsset"
  | "getAsset"
  | "waitUntilActive"
  | "listAssets"
  | "listTrash"
  | "renameAsset"
  | "trashAsset"
  | "restoreAsset"
>;

/** The calls of the console host. */
export function createAssetCalls(wire: Wire, uriOrder: readonly AssetIdField[] | null): AssetCalls {
  const decodeAsset = ({ data }: Envelope): Asset => readAsset(data, uriOrder);
  const decodePage = (envelope: Envelope): Page => readPage(envelope, uriOrder);

  const list = (name: string, path: string, filter: AssetFilter = {}): AsyncGenerator<Asset, ListEnd> =>
    allPages(filter, (query) =>
      send(wire, { ...read(name, path, filter), query: { ...query }, decode: decodePage }),
    );

  async function getAsset(id: string, options: CallOptions = {}): Promise<Asset> {
    const decode = (envelope: Envelope): Asset => checkSameAsset(id, decodeAsset(envelope));
    return send(wire, { ...read("getAsset", `/sd/assets/${idSegment(id)}`, options), id, decode });
  }

  return {
    getAsset,

    async registerAsset({ type, url, name }, options = {}) {
      if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
        throw usage(
          "an asset is registered by a public http(s) URL",
          "upload the file first, or give its URL",
        );
      const problem = name === undefined ? null : nameProblem(name);
      if (problem) throw usage(problem, "use 1 to 64 characters");
      return send(wire, {
        ...write("registerAsset", "POST", "/sd/assets", options),
        json: { type, url, ...(name !== undefined && { name }) },
        // There is no idempotency key: a second request would make a second asset.
        repeatable: false,
        decode: decodeAsset,
      });
    },

    waitUntilActive: (id, options) => waitUntilActive(getAsset, id, options),
    listAssets: (filter) => list("listAssets", "/sd/assets", filter),
    listTrash: (filter) => list("listTrash", "/sd/assets/trash", filter),

    async renameAsset(id, name, options = {}) {
      const problem = nameProblem(name);
      if (problem) throw usage(problem, "use 1 to 64 characters");
      await send(wire, { ...change(id, "renameAsset", "PUT", "", options), json: { name } });
      // What PUT answers is not documented.
      return getAsset(id, options);
    },

    async trashAsset(id, options = {}) {
      try {
        await send(wire, change(id, "trashAsset", "DELETE", "", options));
      } catch (error) {
        // Deleted already, perhaps by an earlier attempt whose answer was lost.
        if (!(error instanceof AtlasError && error.status === 404)) throw error;
      }
    },

    async restoreAsset(id, options = {}) {
      try {
        const restored = await send(wire, change(id, "restoreAsset", "POST", "/restore", options));
        return assetWithStatus(restored, uriOrder) ?? (await getAsset(id, options));
      } catch (error) {
        // Restored already, perhaps by an earlier attempt whose answer was lost.
        if (!(error instanceof AtlasError && (error.status === 404 || error.status === 400))) throw error;
        const found = await getAsset(id, options).catch(() => null);
        if (found === null || /trash|delet/i.test(found.rawStatus ?? "")) throw error;
        return found;
      }
    },
  };
}

type Unread = Omit<Call<never>, "decode" | "decodeFailure">;

function read(name: string, path: string, { signal = null }: CallOptions): Unread {
  return { name, host: "console", method: "GET", path, repeatable: true, changes: false, signal };
}

function write(
  name: string,
  method: Call<never>["method"],
  path: string,
  { signal = null }: CallOptions,
): Unread {
  return { name, host: "console", method, path, repeatable: true, changes: true, signal };
}

/** A change that can be repeated; its answer is not checked. */
function change(
  id: string,
  name: string,
  method: Call<never>["method"],
  suffix: string,
  options: CallOptions,
): Call<Envelope["data"]> {
  const path = `/sd/assets/${idSegment(id)}${suffix}`;
  return { ...write(name, method, path, options), id, decode: ({ data }) => data };
}

/** Ids of different kinds cannot be compared; numeric ones have to be equal. @throws InvalidAnswer */
function checkSameAsset(id: string, found: Asset): Asset {
  if (/^\d+$/.test(id) && /^\d+$/.test(found.id) && found.id !== id)
    throw new InvalidAnswer("another asset than the requested one");
  return found;
}

/** The asset, if the answer contains one with a status; else null. */
function assetWithStatus(data: unknown, order: readonly AssetIdField[] | null): Asset | null {
  try {
    const asset = readAsset(data, order);
    return asset.rawStatus === null ? null : asset;
  } catch {
    return null;
  }
}

/** Upstream's limit on names, in characters (its error code: Name). */
function nameProblem(name: string): string | null {
  const length = [...name].length;
  if (length === 0 || name.trim() === "") return "the name is empty";
  return length > 64 ? `the name has ${length} characters; at most 64 are allowed` : null;
}

function usage(message: string, hint: string): MediaPreflightError {
  return new MediaPreflightError("usage", message, { hint });
}
