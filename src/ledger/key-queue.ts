/** Lets one at a time through for each key, in the order they came, within this process. */
export class KeyQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * Waits for the key's turn. The answer ends the turn and must be called, whatever happened: also if the signal fired,
   * upon which this resolves early.
   */
  async enter(key: string, signal: AbortSignal | null): Promise<() => void> {
    const before = this.#tails.get(key);
    let leave: () => void = () => {};
    const turn = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const tail = (before ?? Promise.resolve()).then(() => turn);
    this.#tails.set(key, tail);
    // One that stopped waiting still stands behind those before it: the queue ends after the last of them.
    tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    if (before) await settledOrAborted(before, signal);
    return leave;
  }
}

function settledOrAborted(promise: Promise<void>, signal: AbortSignal | null): Promise<void> {
  if (!signal) return promise;
  return new Promise((resolve) => {
    const stop = (): void => resolve();
    signal.addEventListener("abort", stop);
    promise.then(resolve).finally(() => signal.removeEventListener("abort", stop));
  });
}
