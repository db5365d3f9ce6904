/**
 * One place after another, evenly spaced: so no 60 seconds see more than `perMinute` registrations, whoever sends them.
 * A place that is not used is not given back.
 * @param next when the next place is free, and `now`, in milliseconds of the same clock
 * @returns milliseconds to wait for the place, and when the one after it is free
 */
export function reservePlace(
  next: number | undefined,
  now: number,
  perMinute: number,
): { wait: number; next: number } {
  const place = Math.max(next ?? now, now);
  return { wait: place - now, next: place + 60_000 / perMinute };
}
