import { Stopwatch } from "../async/stopwatch.ts";
import { isFinal, keyOf, type LedgerEntry, type LedgerKey, orderedEntry, progressOf } from "./entry.ts";
import { type EntryTime, LeaseLost, type LedgerClaim, type StepToRecord } from "./ledger.ts";
import type { Lease, LeaseAnswer, LedgerStore, WriteAnswer } from "./store.ts";
import { StoreClock } from "./store-clock.ts";

/** A granted lease, and the time since it was requested. */
export interface GrantedLease {
  lease: Lease;
  answer: LeaseAnswer & { outcome: "granted" };
  sinceRequest: Stopwatch;
  file: string | null;
}

/** A claim over any store: keeps its writes in order and its lease alive. */
export class StoreClaim implements LedgerClaim {
  readonly key: LedgerKey;
  readonly interrupted: boolean;
  readonly #store: LedgerStore;
  readonly #lease: Lease;
  readonly #file: string | null;
  readonly #clock = new StoreClock();
  readonly #lostController = new AbortController();
  readonly #onEnd: () => void;
  #entry: LedgerEntry | null;
  /** The entry as last written to the store. */
  #stored: LedgerEntry | null;
  #trusted: boolean;
  #storedTrusted: boolean;
  /** Since the request that last extended the lease. */
  #sinceExtended: Stopwatch;
  #revision = 0;
  #writes: Promise<unknown> = Promise.resolve();
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #released: Promise<void> | null = null;
  /** The lease was released with the last write, or the claim ended. */
  #closed = false;

  constructor(store: LedgerStore, { lease, answer, sinceRequest, file }: GrantedLease, onEnd: () => void) {
    this.key = keyOf(lease.key);
    this.interrupted = answer.interrupted;
    this.#store = store;
    this.#lease = lease;
    this.#file = file;
    this.#entry = answer.entry;
    this.#stored = answer.entry;
    this.#trusted = answer.trusted || answer.entry === null;
    this.#storedTrusted = this.#trusted;
    this.#sinceExtended = answer.sinceRequest ?? sinceRequest;
    this.#clock.set(answer.now, this.#sinceExtended);
    this.#onEnd = onEnd;
    if (store.renews) this.#startHeartbeat();
  }

  get entry(): LedgerEntry | null {
    return this.#entry;
  }

  get trusted(): boolean {
    return this.#trusted;
  }

  get signal(): AbortSignal {
    return this.#lostController.signal;
  }

  now(): string {
    return this.#clock.now();
  }

  since(time: EntryTime): number | null {
    const value = this.#entry?.[time];
    return value === undefined || !this.#trusted ? null : this.#clock.since(value);
  }

  record(step: StepToRecord): Promise<void> {
    return this.#put(step, true);
  }

  async amend(fields: Partial<StepToRecord>): Promise<void> {
    const { at: _, ...present } = progressOf(this.#entry ?? missingEntry());
    await this.#put({ ...present, ...fields }, this.#trusted);
  }

  async ensureLease(milliseconds: number): Promise<void> {
    await this.#enqueue(async () => {
      if (!this.#hasLeft(milliseconds)) await this.#renew();
      // A process that was suspended in the meantime renews once more, or detects that it is too late.
      if (!this.#hasLeft(milliseconds)) await this.#renew();
      if (!this.#hasLeft(milliseconds)) throw this.#leaseLost();
    });
  }

  release(): Promise<void> {
    this.#released ??= this.#end();
    return this.#released;
  }

  /** Waits until everything recorded so far is stored, or failed. */
  async flush(): Promise<void> {
    await this.#writes;
  }

  /** Ends the claim without a release, as if its owner had stopped. */
  abandon(): void {
    this.#closed = true;
    clearInterval(this.#heartbeat);
  }

  async #end(): Promise<void> {
    try {
      await this.#enqueue(async () => {
        if (!this.#closed && !this.#lostController.signal.aborted) await this.#store.release(this.#lease);
      });
    } finally {
      this.#closed = true;
      clearInterval(this.#heartbeat);
      this.#onEnd();
    }
  }

  #put(step: StepToRecord, trusted: boolean): Promise<void> {
    const before = this.#entry;
    const next = orderedEntry({
      ...this.key,
      file: before?.file ?? this.#file,
      ...step,
      at: step.at ?? this.now(),
    });
    this.#entry = next;
    this.#trusted = trusted;
    return this.#enqueue(() => this.#write(next, trusted)).catch((error: unknown) => {
      // A step that was not stored did not happen: it is neither continued nor written again.
      if (this.#entry === next) {
        this.#entry = this.#stored;
        this.#trusted = this.#storedTrusted;
      }
      throw error;
    });
  }

  async #write(entry: LedgerEntry, trusted: boolean): Promise<void> {
    const release = isFinal(entry.step);
    const revision = ++this.#revision;
    await this.#extend(() => this.#store.write(this.#lease, { entry, revision, release, trusted }));
    this.#stored = entry;
    this.#storedTrusted = trusted;
    if (release) {
      this.#closed = true;
      clearInterval(this.#heartbeat);
    }
  }

  #renew(): Promise<void> {
    return this.#extend(() => this.#store.renew(this.#lease));
  }

  async #extend(act: () => Promise<WriteAnswer>): Promise<void> {
    if (this.#closed || this.#lostController.signal.aborted) throw this.#leaseLost();
    const sinceRequest = new Stopwatch();
    const answer = await act();
    if (answer.outcome === "lost") throw this.#leaseLost();
    this.#sinceExtended = answer.sinceRequest ?? sinceRequest;
    this.#clock.set(answer.now, this.#sinceExtended);
  }

  /** One write at a time, in the order of the calls; one that failed does not stop the next. */
  #enqueue<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#writes.then(act, act);
    this.#writes = done.catch(() => {});
    return done;
  }

  #hasLeft(milliseconds: number): boolean {
    return !this.#store.renews || this.#sinceExtended.longest() + milliseconds <= this.#lease.duration;
  }

  #leaseLost(): LeaseLost {
    clearInterval(this.#heartbeat);
    const lost = new LeaseLost(this.key);
    if (!this.#closed) this.#lostController.abort(lost);
    return lost;
  }

  /**
   * Renews when a third of the lease has passed. If the store cannot be reached, this is repeated until the lease has expired
   * by this process's clock, which ends the claim even if the store would still grant it.
   */
  #startHeartbeat(): void {
    let renewing = false;
    const beat = (): void => {
      if (this.#closed) return;
      if (!this.#hasLeft(0)) {
        this.#leaseLost();
        return;
      }
      if (renewing || this.#sinceExtended.longest() < this.#lease.duration / 3) return;
      renewing = true;
      this.#enqueue(async () => {
        if (!this.#closed) await this.#renew();
      })
        .catch(() => {})
        .finally(() => {
          renewing = false;
        });
    };
    this.#heartbeat = setInterval(beat, this.#lease.duration / 12);
    (this.#heartbeat as { unref?: () => void }).unref?.();
  }
}

function missingEntry(): never {
  throw new TypeError("there is no entry to amend");
}
