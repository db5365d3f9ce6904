import type { Stopwatch } from "../async/stopwatch.ts";
import type { LedgerEntry, LedgerKey } from "./entry.ts";
import type { KnownAsset } from "./ledger.ts";

/** A request for the lease of an entry. */
export interface LeaseRequest {
  key: LedgerKey;
  /** `keyText(key)`. */
  text: string;
  /** Unique to each claim: a repeated request of the same holder is granted again, with the same token. */
  holder: string;
  /** Milliseconds. */
  duration: number;
  /**
   * The caller's signal. Writes under the lease after it fired, such as of an answer that arrived late, may take some more
   * seconds, but no longer.
   */
  signal?: AbortSignal | null | undefined;
}

/** A lease as the store granted it. */
export interface Lease extends LeaseRequest {
  /** Fencing token, unique to this lease: a write with any other token is refused. Databases use growing numbers. */
  token: string;
}

/** Whether the lease was granted. */
export type LeaseAnswer =
  | {
      outcome: "granted";
      token: string;
      entry: LedgerEntry | null;
      /** Whether the earlier holder never released it. */
      interrupted: boolean;
      /** Whether a trusted writer is known to have written the entry. */
      trusted: boolean;
      /** The store's time, milliseconds since 1970. */
      now: number;
      /** Since the request was sent. Default: since `acquire` was called. */
      sinceRequest?: Stopwatch;
    }
  | {
      outcome: "leased";
      /** Its holder, for messages: "process 12 on host a". */
      holder: string;
      /** Milliseconds until the lease ends if it is not renewed. */
      remaining: number;
    };

/** One write under a lease. */
export interface EntryWrite {
  entry: LedgerEntry;
  /** Counts the writes of this lease from 1: a write that arrives late or twice must not undo a later one. */
  revision: number;
  /** Whether the lease ends with this write. */
  release: boolean;
  /** Whether the writer verified all of the entry, not only copied it. */
  trusted: boolean;
}

/** The result of a write or a renewal. */
export type WriteAnswer =
  /** `now`: the store's time, milliseconds since 1970. `sinceRequest`: default, since the call. */
  | { outcome: "written"; now: number; sinceRequest?: Stopwatch }
  /** Another owner has the entry, or it was released: nothing was written. */
  | { outcome: "lost" };

/**
 * Stores entries and leases. `ledgerOver` makes a `Ledger` of it; `ledgerConformance` tests that. Each method is atomic. Times are the store's own.
 *
 * A store may grant a lease without storing it and decide with the first write (the ledger file does, so that reading
 * it changes nothing): of several such leases the first to write continues, the others get `lost`.
 */
export interface LedgerStore {
  /** Whether holders renew leases to show that they are alive; false if leases cannot outlive their holders. */
  readonly renews: boolean;
  /** Grants the lease if no other holder has it: one conditional change. Must not wait for another holder. */
  acquire(request: LeaseRequest): Promise<LeaseAnswer>;
  /** Extends the lease by its duration from now on. */
  renew(lease: Lease): Promise<WriteAnswer>;
  /** Replaces the entry and extends the lease, if the token is still the newest. */
  write(lease: Lease, write: EntryWrite): Promise<WriteAnswer>;
  /** Ends the lease, if the token is still the newest, and wakes the processes that wait for the entry. */
  release(lease: Lease): Promise<void>;
  /** The entry whose key has this text; null if there is none. */
  get(text: string): Promise<LedgerEntry | null>;
  /** As in `Ledger`. */
  known(origin: string, ids: readonly string[]): Promise<KnownAsset[]>;
  /** A page of entries after the cursor `after` (null: the first), and the next cursor (null: no more). */
  page(after: string | null, size: number): Promise<{ entries: LedgerEntry[]; next: string | null }>;
  /**
   * Resolves when the entry may have been released, or after `milliseconds`, or when the signal fires, whichever
   * comes first. Waking too early is harmless.
   */
  waitForRelease(text: string, milliseconds: number, signal: AbortSignal | null): Promise<void>;
  /** Reserves the bucket's next slot: milliseconds to wait for it. */
  reserve(bucket: string, perMinute: number): Promise<number>;
  flush(): Promise<void>;
  close(): Promise<void>;
}
