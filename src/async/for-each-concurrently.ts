/**
 * Runs `task` on each item, `most` at a time. An item is taken only when it can start, so that memory does not grow
 * with their number; after the signal no further item is taken.
 * @param onLastTaken called once, when the iterable turned out to have no further item
 */
export async function forEachConcurrently<T>(
  items: Iterable<T> | AsyncIterable<T>,
  most: number,
  signal: AbortSignal,
  task: (item: T) => Promise<void>,
  onLastTaken: () => void,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let ended = false;
  // Iterators need not support concurrent next() calls: each waits for the one before.
  let taking: Promise<unknown> = Promise.resolve();
  const next = (): Promise<IteratorResult<T>> => {
    const taken = taking.then(() => iterator.next());
    taking = taken.catch(() => {});
    return taken;
  };
  async function worker(): Promise<void> {
    while (!ended && !signal.aborted) {
      const { done, value } = await next();
      if (done) {
        if (!ended) onLastTaken();
        ended = true;
        return;
      }
      await task(value);
    }
  }
  await Promise.all(Array.from({ length: most }, worker));
  if (!ended) await iterator.return?.();
}
