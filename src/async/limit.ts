/** Lets at most `most` acts run at a time; the others wait in the order they came. */
export function limit(most: number): <T>(act: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (act) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await act();
    } finally {
      // The place is handed on, or given up.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

/** Runs `act` on each, `most` at a time, and takes no further one once the signal fires. */
export async function forEachConcurrently<T>(
  all: Iterable<T> | AsyncIterable<T>,
  most: number,
  signal: AbortSignal,
  act: (one: T) => Promise<void>,
  onAllKnown: () => void,
): Promise<void> {
  const iterator = Symbol.asyncIterator in all ? all[Symbol.asyncIterator]() : all[Symbol.iterator]();
  let ended = false;
  // One look at a time: iterators need not bear more.
  let looking: Promise<unknown> = Promise.resolve();
  const next = (): Promise<IteratorResult<T>> => {
    const look = looking.then(() => iterator.next());
    looking = look.catch(() => {});
    return look;
  };
  async function work(): Promise<void> {
    while (!ended && !signal.aborted) {
      const { done, value } = await next();
      if (done) {
        if (!ended) onAllKnown();
        ended = true;
        return;
      }
      await act(value);
    }
  }
  await Promise.all(Array.from({ length: most }, work));
  if (!ended) await iterator.return?.();
}
