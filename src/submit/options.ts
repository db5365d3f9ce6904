import type { Asset, AtlasClient, Progress } from "../atlas/types.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import type { Report } from "../report/report.ts";
import type { AssetList } from "./asset-list.ts";
import type { LookPolicy } from "./reconcile.ts";

/** What may be done once more although the ledger says that it was done: the user's word, never a default. */
export type RetryChoice =
  | "gone" // the recorded asset is gone or in the trash: register anew
  | "failed" // the service judged it Failed: try once more
  | "unknown"; // a registration's outcome is unknown, and the user has looked: it is not there

/** How one file is checked, sent and registered. */
export interface SubmitOptions extends Omit<PreflightOptions, "findings" | "name"> {
  atlas: AtlasClient;
  /** The asset's name, at most 64 characters; default: the file's base name and ten digits of its hash. */
  name?: string | undefined;
  /** What to call the file in the report; default: its own name. */
  file?: string | null | undefined;
  /** What was done is kept there and not done again. Without one, each call uploads and registers. */
  ledger?: Ledger | undefined;
  /** A label that keeps several accounts apart in one ledger. Default "default". */
  account?: string | undefined;
  again?: readonly RetryChoice[] | undefined;
  /** False: return once it is registered; the asset may still be processing. Default true. */
  wait?: boolean | undefined;
  /** Milliseconds to wait until Active. Default 300,000. */
  deadline?: number | undefined;
  /** First delay between polls in milliseconds; grows to 5,000. Default 2,000. */
  interval?: number | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** A sentence worth telling while it goes on: waiting for another process, a lost answer found again. */
  onNote?: ((message: string) => void) | undefined;
  /** When a lost answer is looked for. */
  looks?: Partial<LookPolicy> | undefined;
}

/** The asset, the local report, and whether it was there already. */
export interface SubmittedAsset extends Asset {
  report: Report;
  /** True: nothing was sent, the ledger knew it. */
  reused: boolean;
}

/** What a run over many files adds: turns, shared looks, and news of each file. */
export interface RunOptions {
  assetList?: AssetList | undefined;
  /** Runs `act` when it is its turn. */
  turn?: (<T>(phase: "check" | "upload", act: () => Promise<T>) => Promise<T>) | undefined;
  onReport?: ((report: Report) => void) | undefined;
  onUploaded?: (() => void) | undefined;
  onRegistered?: ((asset: Asset) => void) | undefined;
}

/** How a file, as the caller named it, is reached. */
export interface SubmitFile {
  /** File name or path as given; null for nameless bytes. */
  readonly name: string | null;
  /** What `uploadMedia` takes; null for an address, which is registered as it is. */
  readonly payload: Blob | Uint8Array | string | null;
  /** The address, where it is one. */
  readonly url: string | null;
  /** Changes whenever the bytes may have changed; null where only their hash tells. */
  stamp(): Promise<string | null>;
  /** Of all the bytes, in hexadecimal, read in pieces. */
  sha256(signal: AbortSignal | null): Promise<string>;
  /** What an address's server says of the file; null for anything else. */
  probe(signal: AbortSignal | null): Promise<{ etag: string | null; bytes: number | null } | null>;
}

/** What differs between Node and browsers. */
export interface SubmitPlatform<Input> {
  preflight(input: Input, options: PreflightOptions): Promise<Report>;
  open(input: Input, options: SubmitOptions): SubmitFile | Promise<SubmitFile>;
  /** Whether reading all of a file is cheap enough to do it without a ledger. */
  alwaysHash: boolean;
}
