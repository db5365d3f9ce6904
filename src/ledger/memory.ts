import type { LedgerEntry } from "./entry.ts";
import { knownAmong, pageOf } from "./entry-lists.ts";
import type { KnownAsset, Ledger } from "./ledger.ts";
import { reserveSlot } from "./registration-slots.ts";
import { ReleaseSignals } from "./release-signals.ts";
import type { EntryWrite, Lease, LeaseAnswer, LeaseRequest, LedgerStore, WriteAnswer } from "./store.ts";
import { ledgerOver } from "./store-ledger.ts";

/** A ledger in memory: nothing is sent twice by the same page or process. */
export function memoryLedger(): Ledger {
  return ledgerOver(new MemoryStore());
}

interface Row {
  entry: LedgerEntry | null;
  token: number;
  lease: { holder: string; ends: number } | null;
  revision: number;
}

/** The simplest complete store; several ledgers of one process may share it. */
export class MemoryStore implements LedgerStore {
  /** Its leases end with the process that holds them. */
  readonly renews: boolean;
  readonly #rows = new Map<string, Row>();
  readonly #released = new ReleaseSignals();
  readonly #slots = new Map<string, number>();
  #token = 0;

  constructor({ renews = false }: { renews?: boolean } = {}) {
    this.renews = renews;
  }

  async acquire({ text, holder, duration }: LeaseRequest): Promise<LeaseAnswer> {
    const now = Date.now();
    const row = this.#rows.get(text) ?? { entry: null, token: 0, lease: null, revision: 0 };
    const remaining = this.#remaining(row, now);
    if (remaining > 0 && row.lease?.holder !== holder)
      return { outcome: "leased", holder: "another part of this process", remaining };
    const interrupted = row.lease !== null;
    Object.assign(row, { token: ++this.#token, lease: { holder, ends: now + duration }, revision: 0 });
    this.#rows.set(text, row);
    return { outcome: "granted", token: `${row.token}`, entry: row.entry, interrupted, trusted: true, now };
  }

  async renew(lease: Lease): Promise<WriteAnswer> {
    const row = this.#leased(lease);
    if (!row) return { outcome: "lost" };
    return this.#extend(row, lease);
  }

  async write(lease: Lease, { entry, revision, release }: EntryWrite): Promise<WriteAnswer> {
    const row = this.#leased(lease);
    if (!row) return { outcome: "lost" };
    if (revision > row.revision) Object.assign(row, { entry, revision });
    const answer = this.#extend(row, lease);
    if (release) await this.release(lease);
    return answer;
  }

  async release(lease: Lease): Promise<void> {
    const row = this.#leased(lease);
    if (!row) return;
    row.lease = null;
    if (row.entry === null) this.#rows.delete(lease.text);
    this.#released.wake(lease.text);
  }

  async get(text: string): Promise<LedgerEntry | null> {
    return this.#rows.get(text)?.entry ?? null;
  }

  async known(origin: string, ids: readonly string[]): Promise<KnownAsset[]> {
    return knownAmong(this.#entries(), origin, ids);
  }

  async page(after: string | null, size: number): Promise<{ entries: LedgerEntry[]; next: string | null }> {
    return pageOf(this.#rows, (row) => row.entry, after, size);
  }

  waitForRelease(text: string, milliseconds: number, signal: AbortSignal | null): Promise<void> {
    return this.#released.wait(text, milliseconds, signal);
  }

  async reserve(bucket: string, perMinute: number): Promise<number> {
    const { wait, next } = reserveSlot(this.#slots.get(bucket), Date.now(), perMinute);
    this.#slots.set(bucket, next);
    return wait;
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}

  *#entries(): Generator<LedgerEntry> {
    for (const { entry } of this.#rows.values()) if (entry) yield entry;
  }

  #leased({ text, token }: Lease): Row | null {
    const row = this.#rows.get(text);
    return row?.lease && `${row.token}` === token ? row : null;
  }

  #extend(row: Row, { holder, duration }: Lease): WriteAnswer {
    const now = Date.now();
    row.lease = { holder, ends: now + duration };
    return { outcome: "written", now };
  }

  #remaining({ lease }: Row, now: number): number {
    if (!lease) return 0;
    return this.renews ? lease.ends - now : Number.POSITIVE_INFINITY;
  }
}
