/**
 * Evenly spaced slots: no 60 seconds contain more than `perMinute` registrations, whichever process sends them. A slot
 * that is not used is lost.
 * @param next when the next slot is free, and `now`, in milliseconds of the same clock
 * @returns milliseconds to wait for the slot, and when the one after it is free
 */
export function reserveSlot(
  next: number | undefined,
  now: number,
  perMinute: number,
): { wait: number; next: number } {
  const slot = Math.max(next ?? now, now);
  return { wait: slot - now, next: slot + 60_000 / perMinute };
}
