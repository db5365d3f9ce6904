/** The work one file may cost, all in one place. Exceeding one makes facts unread, never a crash. */
export interface Budgets {
  /** Bytes requested from the source. */
  bytes: number;
  /** Reads requested from the source. */
  reads: number;
  /** Table entries, boxes, chunks and frames visited. */
  entries: number;
  /** Nesting of containers. */
  depth: number;
  /** Milliseconds of own work; waiting for the source is not counted. */
  milliseconds: number;
}

/**
 * 48 MiB, 4,096 reads, a million entries, 16 levels, one second. What people upload needs less, as measured: a film of
 * three hours 650,000 entries at most, an MP3 of 15 MB all of whose frames are walked 16 MB of reads. Each bound keeps a hostile file under 250 ms on the slowest machine we test.
 */
export const defaultBudgets: Budgets = {
  bytes: 48 * 1024 * 1024,
  reads: 4096,
  entries: 1_000_000,
  depth: 16,
  milliseconds: 1000,
};

/** Entries that one chunk, segment or directory counts as, by its work: 60,000 of them use up a budget. */
const partCost = 16;

/** Thrown to stop reading; no error for users, since `readWith` turns it into an unread fact. */
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
  #stepsSinceCheck = 0;

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
    this.#checkTime();
  }

  /** Before visiting `n` more entries; the time is checked every few thousand. */
  step(n = 1): void {
    this.spent.entries += n;
    if (this.spent.entries > this.limits.entries) throw new OverBudget("entries");
    this.#stepsSinceCheck += n;
    if (this.#stepsSinceCheck >= 4096) this.#checkTime();
  }

  /** Before visiting `n` more chunks, segments or directories; a box, whose content is visited too, counts as two. */
  part(n = 1): void {
    this.step(n * partCost);
  }

  /** Before descending to nesting level `depth` (0 is the file). */
  descend(depth: number): void {
    if (depth > this.limits.depth) throw new OverBudget("depth");
  }

  /** Adds the time since the last check to that of own work. */
  #checkTime(): void {
    const now = performance.now();
    this.#stepsSinceCheck = 0;
    this.spent.milliseconds += now - this.#sliceStart;
    this.#sliceStart = now;
    if (this.spent.milliseconds > this.limits.milliseconds) throw new OverBudget("milliseconds");
  }

  /** Call it after waiting: the time since the last check was no work. */
  waited(): void {
    this.#sliceStart = performance.now();
  }
}
