import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { ReleaseSignals } from "../release-signals.ts";

/** Wakes the callers that wait for an entry when the ledger file is replaced. */
export class FileWatch {
  readonly #path: string;
  readonly #signals = new ReleaseSignals();
  #watcher: FSWatcher | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Resolves when the file changes, after `milliseconds`, or when the signal fires. */
  async wait(milliseconds: number, signal: AbortSignal | null): Promise<void> {
    this.#start();
    await this.#signals.wait("", milliseconds, signal);
    if (!this.#signals.waiting) this.close();
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }

  /** If the folder cannot be watched (no inotify handles left, a network file system), callers wait until their time is over. */
  #start(): void {
    if (this.#watcher) return;
    try {
      const watcher = watch(dirname(this.#path), { persistent: false }, (_, name) => {
        if (name === null || name === basename(this.#path)) this.#signals.wake(null);
      });
      watcher.on("error", () => this.close());
      this.#watcher = watcher;
    } catch {
      this.#watcher = null;
    }
  }
}
