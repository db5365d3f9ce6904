import type { RateLimit } from "../async/rate-limit.ts";
import type { Kind } from "../facts/formats.ts";
import type { Host } from "./error.ts";
import type { ServicePause } from "./http/host-gate.ts";

/** The service's name of a kind. */
export type AssetType = "Image" | "Video" | "Audio";

export const assetTypes: Readonly<Record<Kind, AssetType>> = {
  image: "Image",
  video: "Video",
  audio: "Audio",
};

/** The status of an asset; anything unknown is `processing`: not ready, never success. */
export type AssetStatus = "processing" | "active" | "failed";

/** An asset in the service's library. */
export interface Asset {
  /** The record's id as a string, as used in paths. */
  id: string;
  atlasAssetId: string | null;
  arkAssetId: string | null;
  /** `asset://…`: atlas_asset_id, else ark_asset_id, else a non-numeric id; a numeric id only once Active. */
  uri: string | null;
  status: AssetStatus;
  /** The status as the service spells it, or null if it sent none. */
  rawStatus: string | null;
  type: AssetType | null;
  name: string | null;
  url: string | null;
  /** Why it failed: the upstream code as text, without "InvalidParameter.". */
  errorCode: string | null;
  errorMessage: string | null;
  /** Notes for the user, such as that there is only a numeric id. */
  notes: string[];
  /** The answer as received, with unknown fields. */
  raw: Readonly<Record<string, unknown>>;
}

/** A temporary upload. */
export interface Upload {
  /** Where the uploaded bytes can be fetched; temporary: for how long is not documented. */
  url: string;
  filename: string | null;
  /** Bytes, as the service counted them: always equal to what was sent. */
  size: number | null;
  type: string | null;
  raw: Readonly<Record<string, unknown>>;
}

/** Progress of a long call. */
export interface Progress {
  phase: "check" | "upload" | "register" | "wait" | "generate" | "download";
  /** Bytes for upload and download, and for check while a file is hashed; polls for wait and generate. */
  loaded: number;
  total: number | null;
}

/** Options of every call. */
export interface CallOptions {
  signal?: AbortSignal | null | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** Options of an upload. */
export interface UploadOptions extends CallOptions {
  /** With the right extension. Default: from the detected format. */
  filename?: string | undefined;
  /** A media type. Default: from the detected format. */
  contentType?: string | undefined;
  /** Limits the rate, in bytes per second; may be shared by several uploads. Not in browsers. */
  rateLimit?: RateLimit | null | undefined;
}

/** How long to wait, and how often to poll. */
export interface WaitOptions extends CallOptions {
  /**
   * Milliseconds until the error `timeout`, which has the id. Default 300,000 for assets, 1,200,000 for predictions.
   */
  deadline?: number | undefined;
  /** First delay between polls in milliseconds; grows to 5,000. Default 2,000. */
  interval?: number | undefined;
}

/** Which assets to list; type and status are applied locally. */
export interface AssetFilter extends CallOptions {
  type?: AssetType | undefined;
  status?: AssetStatus | undefined;
  /** Assets fetched at a time, 1 to 100. Default 100. */
  pageSize?: number | undefined;
}

/** What a listing returns at its end. */
export interface ListEnd {
  /** Assets that the service counts beyond those it listed; null if unknown. */
  missing: number | null;
}

/** A generation: running, succeeded or failed. */
export interface Prediction {
  id: string;
  status: "processing" | "succeeded" | "failed";
  rawStatus: string | null;
  /** Output URLs. */
  outputs: string[];
  /** Why it failed: the service's code as text ("1039" is moderation), or null. */
  errorCode: string | null;
  errorMessage: string | null;
  raw: Readonly<Record<string, unknown>>;
}

/** An event of a client: a request is sent, or all calls to a host wait. */
export type ClientEvent = { kind: "request"; host: Host } | ({ kind: "pause" } & ServicePause);

/** The service's API. Every call takes a signal; long ones report progress. */
export interface AtlasClient {
  /** Origin and path of the console host: part of a ledger entry's key. */
  readonly consoleBaseUrl: string;
  /**
   * Milliseconds after which `submit` treats a call of `registerAsset` as lost. Default 35,000. A client whose server
   * reads the whole file before it registers needs longer.
   */
  readonly registrationTimeout?: number;
  /** Calls the listener with each event, until the returned function is called. */
  subscribe?(listener: (event: ClientEvent) => void): () => void;
  /** In Node.js a string is a path, streamed from disk. */
  uploadMedia(file: Blob | Uint8Array | string, options?: UploadOptions): Promise<Upload>;
  registerAsset(
    asset: { type: AssetType; url: string; name?: string | undefined },
    options?: CallOptions,
  ): Promise<Asset>;
  getAsset(id: string, options?: CallOptions): Promise<Asset>;
  /** Resolves with the Active asset; throws `asset-failed`, `timeout`. */
  waitUntilActive(id: string, options?: WaitOptions): Promise<Asset>;
  /** The iterator's return value is a `ListEnd`. */
  listAssets(filter?: AssetFilter): AsyncIterable<Asset, unknown>;
  renameAsset(id: string, name: string, options?: CallOptions): Promise<Asset>;
  trashAsset(id: string, options?: CallOptions): Promise<void>;
  listTrash(filter?: AssetFilter): AsyncIterable<Asset, unknown>;
  restoreAsset(id: string, options?: CallOptions): Promise<Asset>;
  generateVideo(body: GenerateBody, options?: GenerateOptions): Promise<Prediction>;
  getPrediction(id: string, options?: CallOptions): Promise<Prediction>;
  /** Resolves with the output URLs; throws `prediction-failed`, `timeout`. */
  waitForPrediction(id: string, options?: WaitOptions): Promise<Prediction>;
}

/** A generation request; unknown fields are sent as they are. */
export interface GenerateBody {
  model: string;
  prompt?: string;
  image?: string;
  last_image?: string;
  reference_images?: string[];
  reference_videos?: string[];
  reference_audios?: string[];
  duration?: number;
  resolution?: string;
  ratio?: string;
  generate_audio?: boolean;
  watermark?: boolean;
  return_last_frame?: boolean;
  seed?: number;
  [field: string]: unknown;
}

/** How a generation request is sent. */
export interface GenerateOptions extends CallOptions {
  /** "flat" (default): fields beside the model. "input": nested, as one guide shows it. */
  bodyStyle?: "flat" | "input" | undefined;
  /**
   * Allow public http(s) URLs as reference videos and audios: the service's guide requires registered assets, its
   * OpenAPI description does not. Default false.
   */
  allowUrlReferences?: boolean | undefined;
}
