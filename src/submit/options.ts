import type { Asset, AtlasClient, Progress } from "../atlas/types.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import type { Report } from "../report/report.ts";
import type { Storage } from "../storage/storage.ts";
import type { AssetList } from "./registration/asset-list.ts";
import type { RecoveryTiming } from "./registration/search-policy.ts";

/** What may be repeated although the ledger records it as done. Only the user can decide that. */
export type RetryChoice =
  | "gone" // the recorded asset no longer exists, is in the trash, or is not provably this file's: register again
  | "failed" // the service set it to Failed: try once more
  | "unknown"; // a registration's outcome is unknown, and the user confirms that it did not take effect

/** How one file is checked, uploaded and registered. */
export interface SubmitOptions extends Omit<PreflightOptions, "findings" | "name" | "only" | "skip"> {
  /** The service: `createAtlasClient()`, in a page `createServerClient()`. */
  atlas: AtlasClient;
  /** The asset's name, 1 to 64 characters. Default: the file's base name and 32 hex digits of its SHA-256. */
  assetName?: string | undefined;
  /** What to call the file in the report. Default: its own name. */
  file?: string | null | undefined;
  /** Completed steps are recorded there and skipped the next time. Without one, each call uploads and registers. */
  ledger?: Ledger | undefined;
  /** Account label for ledger entries: separates several accounts or users in one ledger. Default "default". */
  account?: string | undefined;
  /**
   * The user's own bucket: files are put there, and registered by an address that is signed for an hour, instead of being
   * uploaded to the service.
   */
  storage?: Storage | undefined;
  /** What may be registered again although the ledger has it. Default nothing. */
  again?: readonly RetryChoice[] | undefined;
  /** False: return once it is registered; the asset may still be processing. Default true. */
  wait?: boolean | undefined;
  /** Milliseconds to wait until the asset is Active. Default 300,000. */
  deadline?: number | undefined;
  /** First delay between polls in milliseconds; grows to 5,000. Default 2,000. */
  interval?: number | undefined;
  /** Registrations per minute, over all that share the ledger's database. Default: no limit. */
  maxRegistrationsPerMinute?: number | undefined;
  /** Called with the progress of each phase: check, upload, register, wait. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Notes for the user while it continues: waiting for another process, a lost answer that was found. */
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

/** What callers that handle many files add: scheduling, a shared asset list, and events. */
export interface SubmitHooks {
  assetList?: AssetList | undefined;
  /** Runs `task` when the limit on concurrent checks or uploads allows it. */
  schedule?: (<T>(phase: "check" | "upload", task: () => Promise<T>) => Promise<T>) | undefined;
  /** SHA-256 of an object in the user's bucket, as long as it has this ETag; known from when it was put there. */
  knownContent?: { etag: string; sha256: string } | undefined;
  onReport?: ((report: Report) => void) | undefined;
  onUploaded?: (() => void) | undefined;
  onRegistered?: ((asset: Asset) => void) | undefined;
}
