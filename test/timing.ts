/**
 * Milliseconds of processor time that this thread has used: what a bound on work is held against, since the clock
 * on the wall also counts what other programs do.
 */
export function cpuMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** For tests that bound a time: other programs on the core add to it, but hardly three times in a row. */
export const timed: { retry: number } = { retry: 2 };
