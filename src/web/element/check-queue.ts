/** Runs what it is given, at most `width` at a time, in order, with a breath in between for the page. */
export function turns(width: number): <T>(act: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = width;
  const next = (): void => {
    const start = waiting.shift();
    if (start) start();
    else free++;
  };
  return async (act) => {
    if (free > 0) free--;
    else await new Promise<void>((start) => waiting.push(start));
    try {
      return await act();
    } finally {
      // A task of its own: what the page has to do meanwhile goes first.
      setTimeout(next);
    }
  };
}
