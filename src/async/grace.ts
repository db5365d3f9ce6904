/** Time to finish a request or a write that is under way when the caller's signal fires. */
export const graceInMilliseconds = 5000;

const graceSignals = new WeakMap<AbortSignal, AbortSignal>();

/** A signal that fires `graceInMilliseconds` after this one, the same for all callers; null never fires. */
export function afterGrace(signal: AbortSignal | null): AbortSignal | null {
  if (!signal) return null;
  const existing = graceSignals.get(signal);
  if (existing) return existing;
  const late = new AbortController();
  const start = (): void => {
    const timer = setTimeout(() => late.abort(signal.reason), graceInMilliseconds);
    (timer as { unref?: () => void }).unref?.();
  };
  if (signal.aborted) start();
  else signal.addEventListener("abort", start, { once: true });
  graceSignals.set(signal, late.signal);
  return late.signal;
}

/**
 * The same for one request: a signal that fires `graceInMilliseconds` after this one fires, unless `stop` is called
 * first. It leaves no timer.
 */
export function startGrace(signal: AbortSignal | null): { signal: AbortSignal; stop(): void } {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = (): void => {
    timer = setTimeout(() => late.abort(signal?.reason), graceInMilliseconds);
  };
  signal?.addEventListener("abort", start, { once: true });
  return {
    signal: late.signal,
    stop() {
      signal?.removeEventListener("abort", start);
      clearTimeout(timer);
    },
  };
}

/** A signal that fires once all of these have fired; null, which never fires, if one of them is null. */
export function allAborted(signals: readonly (AbortSignal | null)[]): AbortSignal | null {
  const distinct = new Set(signals);
  if (distinct.size === 0 || distinct.has(null)) return null;
  const [first = null] = distinct;
  if (distinct.size === 1) return first;
  const all = new AbortController();
  let left = distinct.size;
  const count = (signal: AbortSignal): void => {
    if (--left === 0) all.abort(signal.reason);
  };
  for (const signal of distinct as Set<AbortSignal>) {
    if (signal.aborted) count(signal);
    else signal.addEventListener("abort", () => count(signal), { once: true });
  }
  return all.signal;
}
