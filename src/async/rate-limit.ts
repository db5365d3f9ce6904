import { delay } from "./delay.ts";

/** Waits until `amount` more units are allowed. @throws MediaPreflightError `aborted`, `timeout`: the signal fired */
export type RateLimit = (amount: number, signal: AbortSignal | null) => Promise<void>;

/**
 * Allows at most `perSecond` units per second, shared by all callers, in the order of their calls. There are no bursts:
 * each call waits for as long as the units before it take.
 */
export function rateLimit(perSecond: number): RateLimit {
  let freeAt = 0;
  return async (amount, signal) => {
    const now = performance.now();
    const startAt = Math.max(now, freeAt);
    freeAt = startAt + (amount / perSecond) * 1000;
    if (startAt > now) await delay(startAt - now, signal);
  };
}
