import type { EntryProgress, LedgerEntry, LedgerKey } from "./entry.ts";

/** How an entry is claimed. */
export interface ClaimOptions {
  signal?: AbortSignal | null | undefined;
  /** Called once if another owner has the entry, with a message that names it. */
  onWait?: ((message: string) => void) | undefined;
  /** Milliseconds to wait for another owner. Default 600,000. */
  deadline?: number | undefined;
  /**
   * Milliseconds of the lease; it is renewed every third of it. Default 60,000. It must exceed the longest request that
   * is sent under the claim plus the time after which such a request can still take effect.
   */
  lease?: number | undefined;
}

/** A step to record; `at` is the store's time unless given. */
export type StepToRecord = Omit<EntryProgress, "at"> & { at?: string | undefined };

/** Times in an entry that decisions are based on. */
export type EntryTime = "uploadedAt" | "sentAt" | "missedAt";

/**
 * A lease of one entry. Writes of one claim reach the store in the order of the calls, and none after another owner got
 * the lease (each contains the lease's fencing token).
 */
export interface LedgerClaim {
  readonly key: LedgerKey;
  /** The entry as last recorded; null if there is none. */
  readonly entry: LedgerEntry | null;
  /** Whether an earlier owner stopped without releasing the entry. */
  readonly interrupted: boolean;
  /**
   * Whether a trusted writer is known to have written the entry: one with access to the shared database, or this machine.
   * A ledger file in a repository can come from anybody: uploads and assets in it must be verified with the service.
   */
  readonly trusted: boolean;
  /** Aborts with a `LeaseLost` as soon as the lease is, or may be, lost. */
  readonly signal: AbortSignal;
  /** The store's time, ISO 8601, for the times of an entry. */
  now(): string;
  /**
   * Milliseconds since a time in the entry, in the store's time, never overestimated; null if the entry has no such
   * time or it cannot be relied on.
   */
  since(time: EntryTime): number | null;
  /**
   * Records a complete step; resolves once the store has written it.
   * @throws LeaseLost if another owner has the entry
   */
  record(step: StepToRecord): Promise<void>;
  /**
   * Adds fields to the entry's current step, which stays as trusted or untrusted as it was. With none, it only makes sure
   * that the entry belongs to this claim.
   * @throws LeaseLost
   */
  amend(fields: Partial<StepToRecord>): Promise<void>;
  /**
   * Makes sure, in the store, that the lease is valid for `milliseconds` more. Call it immediately before a request
   * that must not be sent twice.
   * @throws LeaseLost
   */
  ensureLease(milliseconds: number): Promise<void>;
  /** Ends the claim: the entry stays as it is, and others may claim it. Can be called again. */
  release(): Promise<void>;
}

/** What the ledger knows of an asset id. */
export interface KnownAsset {
  /** The service's record id. */
  id: string;
  /** The URL it was registered with, without query; null if unknown or if the id is a former one. */
  url: string | null;
}

/** How entries are listed. */
export interface EntriesOptions {
  /** Entries fetched at a time. Default 1000. */
  pageSize?: number | undefined;
  signal?: AbortSignal | null | undefined;
}

/**
 * A record of completed steps, so that they are not repeated. Implementations: a file (`fileLedger`), memory
 * (`memoryLedger`), PostgreSQL (`postgresLedger`); another one implements `LedgerStore` and is made by `ledgerOver`.
 */
export interface Ledger {
  /**
   * Claims an entry, waiting while another owner has it.
   * @throws MediaPreflightError `ledger-invalid`, `ledger-locked`, `ledger-unreachable`, `aborted`
   */
  claim(key: LedgerKey, file: string | null, options?: ClaimOptions): Promise<LedgerClaim>;
  /** One entry, as it is now; null if there is none. */
  get(key: LedgerKey): Promise<LedgerEntry | null>;
  /** Which of these asset ids belong, or belonged, to any entry of the service at `origin`. */
  known(origin: string, ids: readonly string[]): Promise<KnownAsset[]>;
  /** All entries, fetched in pages, each once; the order depends on the store. */
  entries(options?: EntriesOptions): AsyncIterable<LedgerEntry>;
  /**
   * Reserves the next registration under a rate limit shared by all users of the store.
   * @param bucket what shares the limit: a service and an account
   * @returns milliseconds to wait before sending
   */
  reserveRegistration(bucket: string, perMinute: number): Promise<number>;
  /** Waits until everything recorded so far is stored. */
  flush(): Promise<void>;
  /**
   * Flushes, and closes connections and timers. Claims that are still open end as if their owner had stopped. Can be called
   * again.
   */
  close(): Promise<void>;
}

/** Another owner has, or may have, the entry: nothing more may be written or sent under this claim. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
  readonly key: LedgerKey;
  constructor(key: LedgerKey, cause?: unknown) {
    super("another owner has the ledger entry", cause === undefined ? undefined : { cause });
    this.key = key;
  }
}
