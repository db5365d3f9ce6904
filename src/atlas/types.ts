import type { Kind } from "../facts/formats.ts";

/** The service's word for a kind. */
export type AssetType = "Image" | "Video" | "Audio";

export const assetTypes: Readonly<Record<Kind, AssetType>> = {
  image: "Image",
  video: "Video",
  audio: "Audio",
};

/** What the service's status comes down to; anything unknown is `processing`: not ready, never success. */
export type AssetStatus = "processing" | "active" | "failed";

/** An asset as the service knows it. */
export interface Asset {
  /** The record's id as a string: what paths take. */
  id: string;
  atlasAssetId: string | null;
  arkAssetId: string | null;
  /** `asset://…`: atlas_asset_id, else ark_asset_id, else a non-numeric id; a numeric id only once Active. */
  uri: string | null;
  status: AssetStatus;
  /** The status in the service's own letters, or null where it sent none. */
  rawStatus: string | null;
  type: AssetType | null;
  name: string | null;
  url: string | null;
  /** Upstream's code without "InvalidParameter.", as text, of a failed asset. */
  errorCode: string | null;
  errorMessage: string | null;
  /** Things worth saying: "only a numeric id", … */
  notes: string[];
  /** The answer as it came, unknown fields kept. */
  raw: Readonly<Record<string, unknown>>;
}

/** What uploadMedia answered. */
export interface Upload {
  /** Where the uploaded bytes can be fetched; temporary. */
  url: string;
  filename: string | null;
  /** Bytes, as the service counted them. */
  size: number | null;
  type: string | null;
  raw: Readonly<Record<string, unknown>>;
}

/** How far a long call is. */
export interface Progress {
  phase: "check" | "upload" | "register" | "wait" | "generate" | "download";
  /** Bytes for upload and download; polls for wait and generate. */
  loaded: number;
  total: number | null;
}

/** What every call takes. */
export interface CallOptions {
  signal?: AbortSignal | null | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** What an upload says of its file. */
export interface UploadOptions extends CallOptions {
  /** With an extension that fits; from the sniffed format where it is left out. */
  filename?: string | undefined;
  /** A media type; from the sniffed format where it is left out. */
  contentType?: string | undefined;
}

/** How long to wait, and how often to ask. */
export interface WaitOptions extends CallOptions {
  /** Milliseconds until it gives up with `timeout`, the id kept on the error. Default 300,000. */
  deadline?: number | undefined;
  /** First delay between polls in milliseconds; grows to 5,000. Default 2,000. */
  interval?: number | undefined;
}

/** Which assets to list; type and status are applied locally. */
export interface AssetFilter extends CallOptions {
  type?: AssetType | undefined;
  status?: AssetStatus | undefined;
  pageSize?: number | undefined;
}

/** How a listing ended. */
export interface ListEnd {
  /** Assets that the service counts beyond those it listed; null where it ended in a way that does not tell. */
  missing: number | null;
}

/** A generation, running or ended. */
export interface Prediction {
  id: string;
  status: "processing" | "succeeded" | "failed";
  rawStatus: string | null;
  /** Output URLs. */
  outputs: string[];
  errorMessage: string | null;
  raw: Readonly<Record<string, unknown>>;
}

/** The service, by its own nouns. Every call takes a signal. */
export interface AtlasClient {
  /** Origin and path of the console host: part of a ledger entry's key. */
  readonly consoleBaseUrl: string;
  /** In Node a string is a path; bytes are streamed from disk. */
  uploadMedia(file: Blob | Uint8Array | string, options?: UploadOptions): Promise<Upload>;
  registerAsset(
    asset: { type: AssetType; url: string; name?: string | undefined },
    options?: CallOptions,
  ): Promise<Asset>;
  getAsset(id: string, options?: CallOptions): Promise<Asset>;
  /** Resolves with the Active asset; throws `asset-failed`, `timeout`. */
  waitUntilActive(id: string, options?: WaitOptions): Promise<Asset>;
  /**
   * What the iterator returns at its end, `{ missing }`, says how many assets the service counts beyond those it
   * listed; null where it ended in a way that does not tell.
   */
  listAssets(filter?: AssetFilter): AsyncIterable<Asset, unknown>;
  renameAsset(id: string, name: string, options?: CallOptions): Promise<Asset>;
  trashAsset(id: string, options?: CallOptions): Promise<void>;
  listTrash(filter?: AssetFilter): AsyncIterable<Asset, unknown>;
  restoreAsset(id: string, options?: CallOptions): Promise<Asset>;
  generateVideo(body: GenerateBody, options?: GenerateOptions): Promise<Prediction>;
  getPrediction(id: string, options?: CallOptions): Promise<Prediction>;
  waitForPrediction(id: string, options?: WaitOptions): Promise<Prediction>;
}

/** The fields of a generation request; unknown ones are sent as they are. */
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
}
