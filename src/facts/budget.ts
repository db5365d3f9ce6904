/** The work one file may cost, all in one place. Exceeding one makes facts unread, never a crash. */
export interface Budgets {
  /** Bytes asked of the source. */
  bytes: number;
  /** Reads asked of the source. */
  reads: number;
  /** Table entries, boxes, chunks, frames looked at. */
  entries: number;
  /** Nesting of containers. */
  depth: number;
  /** Milliseconds of own work; waiting for the source is not counted. */
  milliseconds: number;
}

/**
 * Measured on what people upload: a 3 hour film needs 650,000 entries at worst, a 15 MB MP3 whose frames must
 * all be walked 16 MB of reads. Each bound keeps a hostile file under 250 ms on the slowest machine we test.
 */
export const defaultBudgets: Budgets = {
  bytes: 48 * 1024 * 1024,
  reads: 4096,
  entries: 1_000_000,
  depth: 16,
  milliseconds: 1000,
};

/** A chunk, segment or directory is as much work as so many table entries: 60,000 of them are a budget. */
const partCost = 16;

/** Signal, not an error for users: the inspector turns it into an unread fact. */
export class OverBudget {
  readonly which: keyof Budgets;
  constructor(which: keyof Budgets) {
    this.which = which;
  }
}

/** Counts the work done on one file and stops it by throwing OverBudget. */
export class Budget {
  readonly limits: Budgets;
  readonly spent: Budgets = { bytes: 0, reads: 0, entries: 0, depth: 0, milliseconds: 0 };
  #sliceStart: number = performance.now();
  #sinceClock = 0;

  constructor(limits: Partial<Budgets> = {}) {
    this.limits = { ...defaultBudgets, ...limits };
  }

  /** Before a read of `bytes` from the source. */
  read(bytes: number): void {
    const { spent, limits } = this;
    spent.reads++;
    spent.bytes += bytes;
    if (spent.reads > limits.reads) throw new OverBudget("reads");
    if (spent.bytes > limits.bytes) throw new OverBudget("bytes");
    this.clock();
  }

  /** Before looking at `n` more entries; the clock is looked at now and then. */
  step(n = 1): void {
    this.spent.entries += n;
    if (this.spent.entries > this.limits.entries) throw new OverBudget("entries");
    this.#sinceClock += n;
    if (this.#sinceClock >= 4096) this.clock();
  }

  /** Before looking at one more chunk, segment or directory; a box, which is looked into as well, is two. */
  part(n = 1): void {
    this.step(n * partCost);
  }

  /** Before descending to nesting level `depth` (0 is the file). */
  descend(depth: number): void {
    if (depth > this.limits.depth) throw new OverBudget("depth");
  }

  /** Takes stock of the time spent in own work. */
  clock(): void {
    const now = performance.now();
    this.#sinceClock = 0;
    this.spent.milliseconds += now - this.#sliceStart;
    this.#sliceStart = now;
    if (this.spent.milliseconds > this.limits.milliseconds) throw new OverBudget("milliseconds");
  }

  /** Time since the last look at the clock was waiting, not work. */
  waited(): void {
    this.#sliceStart = performance.now();
  }
}
