import type { Asset, AtlasClient, Progress } from "../atlas/types.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import type { Report } from "../report/report.ts";
import type { AssetList } from "./asset-list.ts";
import type { RecoveryTiming } from "./reconcile.ts";

/** What may be done once more although the ledger says that it was done. Only the user can decide that. */
export type RetryChoice =
  | "gone" // the recorded asset is gone, in the trash, or not provably this file's: register again
  | "failed" // the service set it to Failed: try once more
  | "unknown"; // a registration's outcome is unknown, and the user has looked: it did not take effect

/** How one file is checked, uploaded and registered. */
export interface SubmitOptions extends Omit<PreflightOptions, "findings" | "name" | "only" | "skip"> {
  atlas: AtlasClient;
  /** The asset's name, 1 to 64 characters. Default: the file's base name and 32 hex digits of its SHA-256. */
  assetName?: string | undefined;
  /** What to call the file in the report. Default: its own name. */
  file?: string | null | undefined;
  /** Completed steps are recorded there and skipped the next time. Without one, each call uploads and registers. */
  ledger?: Ledger | undefined;
  /** Account label for ledger entries: keeps several accounts or users apart in one ledger. Default "default". */
  account?: string | undefined;
  again?: readonly RetryChoice[] | undefined;
  /** False: return once it is registered; the asset may still be processing. Default true. */
  wait?: boolean | undefined;
  /** Milliseconds to wait until the asset is Active. Default 300,000. */
  deadline?: number | undefined;
  /** First delay between polls in milliseconds; grows to 5,000. Default 2,000. */
  interval?: number | undefined;
  /** Registrations per minute, over all that share the ledger's database. Default: no limit. */
  maxRegistrationsPerMinute?: number | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Something worth telling while it continues: waiting for another process, a lost answer that was found. */
  onNote?: ((message: string) => void) | undefined;
  /** When a lost registration is searched for. */
  recovery?: Partial<RecoveryTiming> | undefined;
}

/** The asset, the local report, and whether the asset existed already. */
export interface SubmittedAsset extends Asset {
  report: Report;
  /** True: nothing was sent, the ledger knew the asset. */
  reused: boolean;
}

/** What callers that handle many files add: turns, a shared asset list, and events. */
export interface RunOptions {
  assetList?: AssetList | undefined;
  /** Runs `task` when it is this file's turn. */
  turn?: (<T>(phase: "check" | "upload", task: () => Promise<T>) => Promise<T>) | undefined;
  onReport?: ((report: Report) => void) | undefined;
  onUploaded?: (() => void) | undefined;
  onRegistered?: ((asset: Asset) => void) | undefined;
}

/** A file as the platform reaches it. */
export interface SubmitFile {
  /** File name or path as given; null for nameless bytes. */
  readonly name: string | null;
  /** What `uploadMedia` takes; null for a URL, which is registered as it is. */
  readonly payload: Blob | Uint8Array | string | null;
  /** The URL, if it is one. */
  readonly url: string | null;
  /**
   * Makes what is sent when it is sent, and removes it afterwards; it stands for `payload`.
   * @param send takes the bytes, and their report if they are not the checked ones
   */
  withPayload?<T>(
    signal: AbortSignal | null,
    send: (made: { payload: Blob | Uint8Array | string; report: Report | null }) => Promise<T>,
  ): Promise<T>;
  /** Changes whenever the bytes may have changed; null if only their hash tells. */
  stamp(): Promise<string | null>;
  /** SHA-256 of all bytes, in hexadecimal, read in pieces. */
  sha256(signal: AbortSignal | null): Promise<string>;
  /** What a URL's server says of the file; null for anything else. */
  probe(signal: AbortSignal | null): Promise<{ etag: string | null; bytes: number | null } | null>;
}

/** What differs between Node.js and browsers. */
export interface SubmitPlatform<Input> {
  preflight(input: Input, options: PreflightOptions): Promise<Report>;
  open(input: Input, options: SubmitOptions): SubmitFile | Promise<SubmitFile>;
  /** Version of a rule table: the date it was last checked against its source. Recorded in the ledger, if known. */
  rulesVersion?(rules: SubmitOptions["rules"]): Promise<string>;
  /** Whether reading all of a file is cheap enough to do it without a ledger. */
  alwaysHash: boolean;
  /** A video may pass although MediaInfo could not run: in pages, which need not serve its WebAssembly. */
  crossCheckOptional?: true;
}
