/** Lets at most `most` acts run at a time; the others wait in the order they came. */
export function turns(most: number): <T>(act: () => Promise<T>) => Promise<T> {
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
