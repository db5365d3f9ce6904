import { allAborted } from "../../async/grace.ts";
import type { LedgerDocument } from "./document.node.ts";
import type { FileRecord } from "./record.ts";

/** One change of one record, decided under the lock by what the record is then. */
export interface Change {
  text: string;
  /** Ends the wait for the file's lock, once it has fired for all changes of one rewrite. */
  signal: AbortSignal | null;
  /** An error that it throws rejects the caller's promise, and no other. */
  decide(now: FileRecord | null): Decision;
}

/** What becomes of a record: it is replaced, stays as it is, or belongs to another owner. */
export type Decision = { outcome: "replace"; record: FileRecord } | { outcome: "keep" } | { outcome: "lost" };

type Outcome = "written" | "lost";

interface Pending extends Change {
  resolve(outcome: Outcome): void;
  reject(reason: unknown): void;
}

/** Locks the file. @returns a function that releases it */
export type LockFile = (signal: AbortSignal | null) => Promise<() => Promise<void>>;

/** Collects changes for some milliseconds and writes them in one rewrite of the file, in the order of the calls. */
export class WriteQueue {
  readonly #document: LedgerDocument;
  readonly #lock: LockFile;
  readonly #collectInMilliseconds: number;
  #pending: Pending[] = [];
  #draining: Promise<void> | null = null;

  constructor(document: LedgerDocument, lock: LockFile, collectInMilliseconds: number) {
    this.#document = document;
    this.#lock = lock;
    this.#collectInMilliseconds = collectInMilliseconds;
  }

  /** Resolves once the change is on disk. */
  add(change: Change): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ ...change, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  async flush(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, this.#collectInMilliseconds));
      const batch = this.#pending;
      this.#pending = [];
      try {
        const reports = await this.#commit(batch);
        for (const report of reports) report();
      } catch (error) {
        for (const change of batch) change.reject(error);
      }
    }
    // Synchronously after `#pending` was found empty: a later change starts again.
    this.#draining = null;
  }

  /** The outcome of each change, reported once all of them are on disk. */
  async #commit(batch: readonly Pending[]): Promise<(() => void)[]> {
    const unlock = await this.#lock(allAborted(batch.map(({ signal }) => signal)));
    try {
      await this.#document.reload();
      const changed = new Map<string, FileRecord>();
      const reports = batch.map((change) => this.#apply(change, changed));
      if (changed.size > 0) await this.#document.rewrite(changed);
      return reports;
    } finally {
      await unlock();
    }
  }

  #apply({ text, decide, resolve, reject }: Pending, changed: Map<string, FileRecord>): () => void {
    try {
      const decided = decide(changed.get(text) ?? this.#document.records.get(text) ?? null);
      if (decided.outcome === "lost") return () => resolve("lost");
      if (decided.outcome === "replace") changed.set(text, decided.record);
      return () => resolve("written");
    } catch (error) {
      return () => reject(error);
    }
  }
}
