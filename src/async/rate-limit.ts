import { delay } from "./delay.ts";

/** Waits until `amount` more may pass. @throws MediaPreflightError `aborted`, `timeout`: the signal fired */
export type RateLimit = (amount: number, signal: AbortSignal | null) => Promise<void>;

/**
 * Lets at most `perSecond` units pass in a second, shared by all who use it, in the order in which they ask. There
 * are no bursts: whoever asks waits until what passed before has been paid for.
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
