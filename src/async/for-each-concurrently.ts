import { MediaPreflightError } from "../errors.ts";

/**
 * Runs `task` on each item, `concurrency` at a time. An item is taken only when its task can start, so that memory does
 * not grow with their number; after the signal no further item is taken.
 * @param onLastTaken called once, when the iterable has no further item
 * @throws MediaPreflightError `usage` if `items` is one item, such as a path
 */
export async function forEachConcurrently<T>(
  items: Iterable<T> | AsyncIterable<T>,
  concurrency: number,
  signal: AbortSignal,
  task: (item: T) => Promise<void>,
  onLastTaken: () => void,
): Promise<void> {
  // A string is iterable too, character by character.
  if (typeof items !== "object" || !(Symbol.asyncIterator in items || Symbol.iterator in items))
    throw new MediaPreflightError("usage", "many files are an array or another iterable");
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let ended = false;
  // Iterators need not support concurrent next() calls: each call waits for the previous one.
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
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (!ended) await iterator.return?.();
}
