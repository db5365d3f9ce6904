import { MediaPreflightError } from "../errors.ts";
import { type AssetIdField, type Page, readAsset, readList, readPrediction, readUpload } from "./answers.ts";
import { type Call, Unfit } from "./call.ts";
import type { Envelope } from "./envelope.ts";
import { AtlasError } from "./error.ts";
import { generateBody } from "./generate-body.ts";
import { idSegment } from "./hosts.ts";
import { listed } from "./listed.ts";
import { multipart } from "./multipart.ts";
import { defaultRetry, type RetryPolicy } from "./retry.ts";
import { send, type Wire } from "./transport.ts";
import type { Asset, AssetFilter, AtlasClient, CallOptions, ListEnd } from "./types.ts";
import { uploadName } from "./upload-name.ts";
import { untilActive, untilPredicted } from "./wait.ts";

/** What turns a path into a Blob whose bytes stay on disk: Node's client brings one. */
export type OpenFile = (path: string) => Promise<{ blob: Blob; name: string }>;

export interface CallSetup {
  wire: Omit<Wire, "retry"> & { retry: Partial<RetryPolicy> | undefined };
  assetUriOrder: readonly AssetIdField[] | null;
  openFile: OpenFile | null;
}

type Calls = Omit<AtlasClient, "consoleBaseUrl">;

/** Every call of the service, each with its host, its path and whether it may be repeated. */
export function createCalls({ wire: given, assetUriOrder, openFile }: CallSetup): Calls {
  const wire: Wire = { ...given, retry: { ...defaultRetry, ...given.retry } };
  const asset = ({ data }: Envelope): Asset => readAsset(data, assetUriOrder);
  const get = <T>(
    name: string,
    host: Call<T>["host"],
    path: string,
    options: CallOptions | undefined,
    more: Pick<Call<T>, "decode"> & Partial<Call<T>>,
  ): Promise<T> =>
    send(wire, {
      name,
      host,
      path,
      method: "GET",
      repeatable: true,
      changes: false,
      signal: options?.signal ?? null,
      ...more,
    });

  const list = (name: string, path: string, filter: AssetFilter = {}): AsyncGenerator<Asset, ListEnd> =>
    listed(filter, (query) => {
      const decode = (envelope: Envelope): Page => readList(envelope, assetUriOrder);
      return get(name, "console", path, filter, { query, decode });
    });

  const calls: Calls = {
    async uploadMedia(file, options = {}) {
      const { blob, name } = await asBlob(file, openFile);
      const { filename, contentType } = await uploadName(blob, name, options);
      const { onProgress, signal = null } = options;
      const body = multipart(blob, filename, contentType);
      const onSent = (loaded: number): void => onProgress?.({ phase: "upload", loaded, total: blob.size });
      const answer = await send(wire, {
        name: "uploadMedia",
        host: "api",
        method: "POST",
        path: "/model/uploadMedia",
        upload: { ...body, fileBytes: blob.size, onSent },
        // Sent twice it makes a second temporary file that nothing refers to.
        repeatable: true,
        changes: false,
        signal,
        decode: readUpload,
      });
      onSent(blob.size);
      return answer;
    },

    registerAsset({ type, url, name }, options = {}) {
      if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
        return reject(
          "an asset is registered by a public http(s) URL",
          "upload the file first, or give its address",
        );
      const long = name === undefined ? null : nameProblem(name);
      if (long) return reject(long, "shorten it");
      return send(wire, {
        name: "registerAsset",
        host: "console",
        method: "POST",
        path: "/sd/assets",
        json: { type, url, ...(name !== undefined && { name }) },
        // No idempotency key exists: a second one would be a second asset.
        repeatable: false,
        changes: true,
        signal: options.signal ?? null,
        decode: asset,
      });
    },

    async getAsset(id, options) {
      const decode = (envelope: Envelope): Asset => {
        const found = asset(envelope);
        // Ids of different kinds say nothing about each other.
        if (/^\d+$/.test(id) && /^\d+$/.test(found.id) && found.id !== id)
          throw new Unfit("another asset than the one asked for");
        return found;
      };
      return get("getAsset", "console", `/sd/assets/${idSegment(id)}`, options, { decode, id });
    },

    waitUntilActive: (id, options) => untilActive(calls, id, options),
    listAssets: (filter) => list("listAssets", "/sd/assets", filter),
    listTrash: (filter) => list("listTrash", "/sd/assets/trash", filter),

    async renameAsset(id, name, options = {}) {
      const problem = nameProblem(name);
      if (problem) return reject(problem, "give 1 to 64 characters");
      await send(wire, change(id, "renameAsset", "PUT", "", options, { name }));
      // What PUT answers is not documented.
      return calls.getAsset(id, options);
    },

    async trashAsset(id, options = {}) {
      try {
        await send(wire, change(id, "trashAsset", "DELETE", "", options));
      } catch (error) {
        // Gone already, perhaps by a try of ours whose answer was lost.
        if (!(error instanceof AtlasError && error.status === 404)) throw error;
      }
    },

    async restoreAsset(id, options = {}) {
      try {
        const restored = await send(wire, change(id, "restoreAsset", "POST", "/restore", options));
        return readAssetOr(restored, assetUriOrder) ?? (await calls.getAsset(id, options));
      } catch (error) {
        // Restored already, perhaps by a try of ours whose answer was lost: then it is there again.
        if (!(error instanceof AtlasError && (error.status === 404 || error.status === 400))) throw error;
        const there = await calls.getAsset(id, options).catch(() => null);
        if (there === null || /trash|delet/i.test(there.rawStatus ?? "")) throw error;
        return there;
      }
    },

    async generateVideo(body, options = {}) {
      return send(wire, {
        name: "generateVideo",
        host: "api",
        method: "POST",
        path: "/model/generateVideo",
        json: generateBody(body, options.bodyStyle),
        // Every one is billed.
        repeatable: false,
        changes: true,
        signal: options.signal ?? null,
        decode: ({ data }) => readPrediction(data, null),
      });
    },

    async getPrediction(id, options) {
      const decode = ({ data }: Envelope): ReturnType<typeof readPrediction> => readPrediction(data, id);
      return get("getPrediction", "api", `/model/prediction/${idSegment(id)}`, options, { decode, id });
    },

    waitForPrediction: (id, options) => untilPredicted(calls, id, options),
  };
  return calls;
}

/** A change that comes to the same however often it is sent; what it answers is taken as it comes. */
function change(
  id: string,
  name: string,
  method: "PUT" | "DELETE" | "POST",
  tail: string,
  options: CallOptions,
  json?: unknown,
): Call<Envelope["data"]> {
  return {
    name,
    host: "console",
    method,
    path: `/sd/assets/${idSegment(id)}${tail}`,
    ...(json !== undefined && { json }),
    repeatable: true,
    changes: true,
    signal: options.signal ?? null,
    id,
    decode: ({ data }) => data,
  };
}

function readAssetOr(data: unknown, order: readonly AssetIdField[] | null): Asset | null {
  try {
    const asset = readAsset(data, order);
    return asset.rawStatus === null ? null : asset;
  } catch {
    return null;
  }
}

async function asBlob(
  file: Blob | Uint8Array | string,
  openFile: OpenFile | null,
): Promise<{ blob: Blob; name: string | null }> {
  if (typeof file === "string") {
    if (openFile) return openFile(file);
    return reject("a path can only be uploaded in Node", "give a File, a Blob or bytes");
  }
  if (file instanceof Blob) return { blob: file, name: (file as Partial<File>).name ?? null };
  return { blob: new Blob([file as Uint8Array<ArrayBuffer>]), name: null };
}

/** Upstream's limit on names, in characters (its refusal code: Name). */
function nameProblem(name: string): string | null {
  const length = [...name].length;
  if (length === 0 || name.trim() === "") return "a name has to have at least one character";
  return length > 64 ? `the name has ${length} characters, over 64` : null;
}

function reject(message: string, hint: string): Promise<never> {
  return Promise.reject(new MediaPreflightError("usage", message, { hint }));
}
