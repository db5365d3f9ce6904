/**
 * Maps a stream of items with at most `width` at work, results in the order of the items. An item is drawn only
 * when there is room for it, so memory does not grow with their number.
 */
export async function* mapInOrder<T, R>(
  items: AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      result.catch(() => {}); // awaited below, in its turn
      running.push(result);
      if (running.length >= width) yield await (running.shift() as Promise<R>);
    }
    while (running.length > 0) yield await (running.shift() as Promise<R>);
  } finally {
    await Promise.allSettled(running);
  }
}

/**
 * Files are read and checked without waiting for anything: the event loop must run from time to time,
 * or Ctrl-C would have no effect before the last file.
 */
export function yieldRegularly(intervalInMilliseconds = 50): { now(): Promise<void> } {
  let last = Date.now();
  return {
    async now() {
      if (Date.now() - last < intervalInMilliseconds) return;
      await new Promise((resolve) => setImmediate(resolve));
      last = Date.now();
    },
  };
}
