import type { LedgerEntry, LedgerKey, Progressed } from "./entry.ts";

/** How a claim on an entry is made. */
export interface ClaimOptions {
  signal?: AbortSignal | null | undefined;
  /** Told once when a living process must be waited for, and who that is. */
  onWait?: ((message: string) => void) | undefined;
  /** Milliseconds to wait for it. Default 600,000. */
  deadline?: number | undefined;
}

/**
 * The right to work on one entry. Nobody else in this process has it at the same time; other processes are kept
 * away by the first `record`, which fails if one of them was faster.
 */
export interface LedgerClaim {
  readonly key: LedgerKey;
  /** As it is now; null where there is none yet. */
  readonly entry: LedgerEntry | null;
  /**
   * Writes a step, the whole of it, as this claim's own; resolves once it is on disk.
   * @throws ClaimLost if another process took the entry meanwhile
   */
  record(progressed: Progressed): Promise<void>;
  /** Lets go: the entry stays as it is and no longer has an owner. Idempotent. */
  release(): Promise<void>;
}

/**
 * What was done, so that it is not done again. Implementations: a file (file.node.ts), memory (memory.ts);
 * another one, say over a database, starts at `ledgerOver` (claims.ts).
 */
export interface Ledger {
  /**
   * Claims an entry, waiting for whoever has it. Nothing is written before the claim's first `record`.
   * @throws MediaPreflightError `ledger-invalid`, `ledger-locked`, `aborted`
   */
  claim(key: LedgerKey, file: string | null, options?: ClaimOptions): Promise<LedgerClaim>;
  /** All entries, sorted. */
  entries(): Promise<LedgerEntry[]>;
  /** Waits until all that was recorded is kept. */
  flush(): Promise<void>;
}

/** Another process took the entry between the look and the first write: look again. */
export class ClaimLost {
  readonly key: LedgerKey;
  constructor(key: LedgerKey) {
    this.key = key;
  }
}
