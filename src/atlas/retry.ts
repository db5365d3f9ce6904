/** When to try again, as a pure function: the I/O that obeys it is in transport.ts. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  attempts: number;
  /** Milliseconds of the first delay, before jitter; doubles with each. */
  base: number;
  /** No delay is longer, in milliseconds. */
  cap: number;
  /** Milliseconds for all tries and pauses of one call; no new try begins after them. */
  total: number;
}

export const defaultRetry: Readonly<RetryPolicy> = { attempts: 8, base: 250, cap: 8000, total: 180_000 };

/** What became of one try. */
export interface Attempt {
  /** 1 for the first. */
  attempt: number;
  /** Whether the same request may succeed later: network faults, 429, 5xx. */
  retryable: boolean;
  /** Whether sending it twice does no harm: GET, uploadMedia, PUT, DELETE, restore; never register and generate. */
  repeatable: boolean;
  /** Milliseconds since the call began. */
  elapsed: number;
  /** What the server asked for in `Retry-After`, in milliseconds, or null. */
  retryAfter: number | null;
}

/**
 * Milliseconds to wait before the next try, or null to stop. Capped exponential backoff, of which a random part
 * between one half and the whole is waited.
 * @param random in [0, 1)
 */
export function nextPause(made: Attempt, policy: RetryPolicy, random: number): number | null {
  if (!made.retryable || !made.repeatable || made.attempt >= policy.attempts) return null;
  const backoff = Math.min(policy.cap, policy.base * 2 ** (made.attempt - 1));
  const delay = Math.max(backoff * (0.5 + random / 2), Math.min(made.retryAfter ?? 0, policy.cap));
  return made.elapsed + delay < policy.total ? Math.round(delay) : null;
}
