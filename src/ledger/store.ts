import type { LedgerEntry, LedgerKey } from "./entry.ts";
import type { KnownAsset } from "./ledger.ts";
import type { Stopwatch } from "./store-clock.ts";

/** A request for the lease of an entry. */
export interface LeaseRequest {
  key: LedgerKey;
  /** `keyText(key)`. */
  text: string;
  /** Unique for each claim: a repeated request of the same holder is granted again, with the same token. */
  holder: string;
  /** Milliseconds. */
  duration: number;
  /**
   * The caller's signal. What is written under the lease after it fired, such as an answer that arrived late, may take
   * some seconds more, but must not wait for long.
   */
  signal?: AbortSignal | null | undefined;
}

/** A lease as the store granted it. */
export interface Lease extends LeaseRequest {
  /** Fencing token: larger than that of every earlier lease of the entry. */
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
      /** Whether the entry's content is known to come from a trustworthy writer. */
      trusted: boolean;
      /** The store's time, milliseconds since 1970. */
      now: number;
      /** Since the request that was answered was sent. Default: since `acquire` was called. */
      asked?: Stopwatch;
    }
  | {
      outcome: "leased";
      /** Who has it, for people: "process 12 on host a". */
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
  /** Whether the writer vouches for all of the entry, not only for having kept it. */
  trusted: boolean;
}

/** What became of a write or a renewal. */
export type WriteAnswer =
  | { outcome: "kept"; now: number; asked?: Stopwatch }
  /** Another owner has the entry, or it was released: nothing was written. */
  | { outcome: "lost" };

/**
 * Where entries and leases are kept. `ledgerOver` makes a `Ledger` of it; `ledgerConformance` tests that. Each method is
 * atomic: it takes effect entirely or not at all, nothing else in between. Times are the store's own.
 *
 * A store may grant a lease without keeping it and decide with the first write (the ledger file does, so that reading
 * it changes nothing): of several such leases only the first to write goes on, the others get `lost`.
 */
export interface LedgerStore {
  /** Whether holders prove by renewing that they live; false if leases cannot outlive their holders. */
  readonly renews: boolean;
  /** Grants the lease if nobody has it: one conditional change. Must not wait for another holder. */
  acquire(request: LeaseRequest): Promise<LeaseAnswer>;
  /** Extends the lease by its duration from now on. */
  renew(lease: Lease): Promise<WriteAnswer>;
  /** Replaces the entry and extends the lease, if the token is still the newest. */
  write(lease: Lease, write: EntryWrite): Promise<WriteAnswer>;
  /** Ends the lease, if the token is still the newest, and wakes those who wait for the entry. */
  release(lease: Lease): Promise<void>;
  get(text: string): Promise<LedgerEntry | null>;
  known(origin: string, ids: readonly string[]): Promise<KnownAsset[]>;
  /** A page of entries after the cursor `after` (null: the first), and the next cursor (null: no more). */
  page(after: string | null, size: number): Promise<{ entries: LedgerEntry[]; next: string | null }>;
  /**
   * Resolves when the entry may have been released, or after so many milliseconds, or when the signal fires, whichever
   * comes first. Waking too early is harmless.
   */
  waitForRelease(text: string, milliseconds: number, signal: AbortSignal | null): Promise<void>;
  /** Takes the next place in the bucket: milliseconds to wait for it. */
  reserve(bucket: string, perMinute: number): Promise<number>;
  flush(): Promise<void>;
  close(): Promise<void>;
}
