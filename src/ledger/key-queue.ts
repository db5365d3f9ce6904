/** A mutex per key within this process: one caller at a time, in the order of the calls. */
export class KeyQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * Waits until the earlier callers have left. The returned function leaves, and must always be called, also if the signal
   * fired, in which case this resolves early.
   */
  async enter(key: string, signal: AbortSignal | null): Promise<() => void> {
    const previous = this.#tails.get(key);
    let leave: () => void = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const tail = (previous ?? Promise.resolve()).then(() => left);
    this.#tails.set(key, tail);
    // A caller that stopped waiting stays in the queue: it ends after the last of them.
    tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    if (previous) await resolvedOrAborted(previous, signal);
    return leave;
  }
}

function resolvedOrAborted(promise: Promise<void>, signal: AbortSignal | null): Promise<void> {
  if (!signal) return promise;
  return new Promise((resolve) => {
    const stop = (): void => resolve();
    signal.addEventListener("abort", stop);
    promise.then(resolve).finally(() => signal.removeEventListener("abort", stop));
  });
}
