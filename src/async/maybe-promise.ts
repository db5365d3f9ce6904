/**
 * What is there, or a promise of it. Bytes of a local file are there: a promise for each look at them would cost
 * more than the look.
 */
export type MaybePromise<T> = T | Promise<T>;

/** `next` of a value, at once where the value is there. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Takes turns until one answers true; asynchronous from the first turn on that is. */
export function repeatUntilTrue(turn: () => MaybePromise<boolean>): MaybePromise<void> {
  for (;;) {
    const done = turn();
    if (done instanceof Promise) return onwards(done, turn);
    if (done) return;
  }
}

async function onwards(first: Promise<boolean>, turn: () => MaybePromise<boolean>): Promise<void> {
  for (let done = await first; !done; ) done = await turn();
}
