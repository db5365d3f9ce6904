import { isFinal, keyOf, type LedgerEntry, type LedgerKey, orderedEntry, progressOf } from "./entry.ts";
import { type EntryTime, LeaseLost, type LedgerClaim, type StepToRecord } from "./ledger.ts";
import type { Lease, LeaseAnswer, LedgerStore, WriteAnswer } from "./store.ts";
import { Stopwatch, StoreClock } from "./store-clock.ts";

/** A granted lease, and when it was asked for. */
export interface GrantedLease {
  lease: Lease;
  answer: LeaseAnswer & { outcome: "granted" };
  asked: Stopwatch;
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
  readonly #lost = new AbortController();
  readonly #ended: () => void;
  #entry: LedgerEntry | null;
  /** What the store is known to have. */
  #kept: LedgerEntry | null;
  #trusted: boolean;
  #keptTrusted: boolean;
  /** Since the request that last extended the lease. */
  #extended: Stopwatch;
  #revision = 0;
  #writes: Promise<unknown> = Promise.resolve();
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #released: Promise<void> | null = null;
  /** The lease ended with the last write. */
  #over = false;

  constructor(store: LedgerStore, { lease, answer, asked, file }: GrantedLease, ended: () => void) {
    this.key = keyOf(lease.key);
    this.interrupted = answer.interrupted;
    this.#store = store;
    this.#lease = lease;
    this.#file = file;
    this.#entry = answer.entry;
    this.#kept = answer.entry;
    this.#trusted = answer.trusted || answer.entry === null;
    this.#keptTrusted = this.#trusted;
    this.#extended = answer.asked ?? asked;
    this.#clock.set(answer.now, this.#extended);
    this.#ended = ended;
    if (store.renews) this.#startHeartbeat();
  }

  get entry(): LedgerEntry | null {
    return this.#entry;
  }

  get trusted(): boolean {
    return this.#trusted;
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
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
    await this.#inOrder(async () => {
      if (!this.#lasts(milliseconds)) await this.#renew();
      // A process that was stopped in the meantime renews once more, or learns that it is too late.
      if (!this.#lasts(milliseconds)) await this.#renew();
      if (!this.#lasts(milliseconds)) throw this.#lose();
    });
  }

  release(): Promise<void> {
    this.#released ??= this.#end();
    return this.#released;
  }

  /** Waits until everything recorded so far is kept, or failed. */
  async flush(): Promise<void> {
    await this.#writes;
  }

  /** Ends the claim without telling the store: its owner stops. */
  abandon(): void {
    this.#over = true;
    clearInterval(this.#heartbeat);
  }

  async #end(): Promise<void> {
    try {
      await this.#inOrder(async () => {
        if (!this.#over && !this.#lost.signal.aborted) await this.#store.release(this.#lease);
      });
    } finally {
      this.#over = true;
      clearInterval(this.#heartbeat);
      this.#ended();
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
    return this.#inOrder(() => this.#write(next, trusted)).catch((error: unknown) => {
      // What was not kept did not happen: it is neither continued nor written again.
      if (this.#entry === next) {
        this.#entry = this.#kept;
        this.#trusted = this.#keptTrusted;
      }
      throw error;
    });
  }

  async #write(entry: LedgerEntry, trusted: boolean): Promise<void> {
    const release = isFinal(entry.step);
    const revision = ++this.#revision;
    await this.#extend(() => this.#store.write(this.#lease, { entry, revision, release, trusted }));
    this.#kept = entry;
    this.#keptTrusted = trusted;
    if (release) {
      this.#over = true;
      clearInterval(this.#heartbeat);
    }
  }

  #renew(): Promise<void> {
    return this.#extend(() => this.#store.renew(this.#lease));
  }

  async #extend(act: () => Promise<WriteAnswer>): Promise<void> {
    if (this.#over || this.#lost.signal.aborted) throw this.#lose();
    const asked = new Stopwatch();
    const answer = await act();
    if (answer.outcome === "lost") throw this.#lose();
    this.#extended = answer.asked ?? asked;
    this.#clock.set(answer.now, this.#extended);
  }

  /** One write at a time, in the order they were asked for; one that failed does not stop the next. */
  #inOrder<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#writes.then(act, act);
    this.#writes = done.catch(() => {});
    return done;
  }

  #lasts(milliseconds: number): boolean {
    return !this.#store.renews || this.#extended.longest() + milliseconds <= this.#lease.duration;
  }

  #lose(): LeaseLost {
    clearInterval(this.#heartbeat);
    const lost = new LeaseLost(this.key);
    if (!this.#over) this.#lost.abort(lost);
    return lost;
  }

  /**
   * Renews when a third of the lease has passed. A store that cannot be reached is asked again until the lease has run
   * out here, which ends the claim whatever the store thinks of it.
   */
  #startHeartbeat(): void {
    let renewing = false;
    const beat = (): void => {
      if (this.#over) return;
      if (!this.#lasts(0)) {
        this.#lose();
        return;
      }
      if (renewing || this.#extended.longest() < this.#lease.duration / 3) return;
      renewing = true;
      this.#inOrder(async () => {
        if (!this.#over) await this.#renew();
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
