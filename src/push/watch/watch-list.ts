/* When a file of a watched folder is pushed: pure functions, all times are parameters. */

/** What distinguishes two states of a file. Times in milliseconds since 1970, as stat gives them. */
export interface FileState {
  size: number;
  mtimeMs: number;
  ctimeMs: number;
  ino: number;
}

/** A file that is due. */
export interface DueFile {
  path: string;
  state: FileState;
  /** Milliseconds since the file was last seen to change. */
  unchangedFor: number;
}

interface Entry {
  state: FileState;
  /** When it was first seen in this state, on the monotonic clock. */
  since: number;
  phase: "waiting" | "taken" | "finished";
  /** When it is due, on the monotonic clock. */
  dueAt: number;
  /** How often it was taken in this state. */
  attempts: number;
}

/** Milliseconds without a change after which a file counts as completely written. */
export const quietTime = 3_000;

/** The files of a folder, until they have been handled; all times are on one monotonic clock. */
export class WatchList {
  readonly #entries = new Map<string, Entry>();

  /**
   * A file was seen. One that was renamed or linked into place is due at once: that changes its ctime, while writing
   * changes ctime and mtime together (POSIX.1-2017, rename, link and write).
   * @param age milliseconds since its mtime, by the wall clock
   * @param initial it was there before the watch began
   */
  seen(path: string, state: FileState, now: number, age: number, initial: boolean): void {
    const entry = this.#entries.get(path);
    if (entry && sameState(entry.state, state)) return;
    const complete = age >= quietTime || state.ctimeMs > state.mtimeMs;
    // Another inode under a known name was renamed over it.
    const fresh = complete && entry?.state.ino !== state.ino;
    const since = initial && entry === undefined ? now - Math.max(age, 0) : now;
    // A file that is being handled is compared again when that has finished.
    const phase = entry?.phase === "taken" ? "taken" : "waiting";
    const dueAt = fresh ? now : now + quietTime;
    this.#entries.set(path, { state, since, phase, dueAt, attempts: 0 });
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  gone(path: string): void {
    this.#entries.delete(path);
  }

  /** Files that are due, the earliest first. */
  due(now: number): DueFile[] {
    return [...this.#entries]
      .filter(([, { phase, dueAt }]) => phase === "waiting" && dueAt <= now)
      .sort(([, a], [, b]) => a.dueAt - b.dueAt)
      .map(([path, { state, since }]) => ({ path, state, unchangedFor: now - since }));
  }

  /** When the next file is due; null while none is waiting. */
  nextDue(): number | null {
    let next: number | null = null;
    for (const { phase, dueAt } of this.#entries.values())
      if (phase === "waiting" && (next === null || dueAt < next)) next = dueAt;
    return next;
  }

  /** It is being handled. */
  taken(path: string): void {
    const entry = this.#entries.get(path);
    if (!entry) return;
    entry.phase = "taken";
    entry.attempts++;
  }

  /** Makes it due at this time, if it does not change before. */
  postpone(path: string, until: number): void {
    const entry = this.#entries.get(path);
    if (entry) Object.assign(entry, { phase: "waiting", dueAt: until });
  }

  /**
   * It was handled in this state; if it has changed meanwhile, it will be due again.
   * @returns whether it is unchanged
   */
  finished(path: string, handled: FileState, now: number): boolean {
    const entry = this.#entries.get(path);
    if (!entry) return false;
    const same = sameState(entry.state, handled);
    if (same) entry.phase = "finished";
    else this.postpone(path, now + quietTime);
    return same;
  }

  /** How often the file was taken in its present state. */
  attempts(path: string): number {
    return this.#entries.get(path)?.attempts ?? 0;
  }

  /** Files that are waiting to be taken. */
  get waiting(): number {
    let n = 0;
    for (const { phase } of this.#entries.values()) if (phase === "waiting") n++;
    return n;
  }
}

/** Whether the bytes are the same; ctime is left out, since a link or a rename changes it. */
export function sameState(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino;
}
