/**
 * What is there, or a promise of it. Bytes of a local file are there: a promise for each look at them would cost
 * more than the look.
 */
export type Soon<T> = T | Promise<T>;

/** `next` of a value, at once where the value is there. */
export function after<T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Takes turns until one answers true; asynchronous from the first turn on that is. */
export function turns(turn: () => Soon<boolean>): Soon<void> {
  for (;;) {
    const done = turn();
    if (done instanceof Promise) return onwards(done, turn);
    if (done) return;
  }
}

async function onwards(first: Promise<boolean>, turn: () => Soon<boolean>): Promise<void> {
  for (let done = await first; !done; ) done = await turn();
}
