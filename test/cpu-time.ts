/**
 * Milliseconds of processor time that this thread has used: what a bound on work is held against, since the clock
 * on the wall also counts what other programs do.
 */
export function cpuMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
