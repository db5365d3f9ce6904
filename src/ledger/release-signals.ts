/** Wakes the callers in this process that wait for an entry. */
export class ReleaseSignals {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Wakes all that wait for the entry; with null, for any entry. */
  wake(text: string | null): void {
    const chosen = text === null ? [...this.#waiting.values()] : [this.#waiting.get(text) ?? []];
    for (const wakers of chosen) for (const wake of [...wakers]) wake();
  }

  /** Whether there are waiting callers. */
  get waiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Resolves when `wake` is called, after `milliseconds`, or when the signal fires. */
  wait(text: string, milliseconds: number, signal: AbortSignal | null): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wakers = this.#waiting.get(text) ?? new Set();
      this.#waiting.set(text, wakers);
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        wakers.delete(wake);
        if (wakers.size === 0 && this.#waiting.get(text) === wakers) this.#waiting.delete(text);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(milliseconds, 2 ** 31 - 1));
      signal?.addEventListener("abort", wake, { once: true });
      wakers.add(wake);
    });
  }
}
