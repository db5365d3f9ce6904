/**
 * A value, or a promise of one. Bytes of a local file are available synchronously, and a promise for each read would
 * cost more than the read.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Applies `next` to a value: synchronously if the value is not a promise. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Repeats `step` until it returns true; asynchronous from the first step on that returns a promise. */
export function repeatUntilTrue(step: () => MaybePromise<boolean>): MaybePromise<void> {
  for (;;) {
    const done = step();
    if (done instanceof Promise) return repeatAsync(done, step);
    if (done) return;
  }
}

async function repeatAsync(first: Promise<boolean>, step: () => MaybePromise<boolean>): Promise<void> {
  for (let done = await first; !done; ) done = await step();
}
