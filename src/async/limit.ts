/** A semaphore: at most `concurrency` tasks run at a time; the others start in the order of their calls. */
export function limit(concurrency: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // The slot passes to the next task, or becomes free.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
