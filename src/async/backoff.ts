/** Exponential backoff with jitter: each delay is `factor` times the one before. Times in milliseconds. */
export interface Backoff {
  /** The first delay. */
  base: number;
  /** No delay is longer. */
  cap: number;
  /** What each delay is multiplied by for the next one. Default 2. */
  factor?: number;
}

/**
 * Milliseconds to wait after a failed attempt (1 for the first): base × factor^(attempt − 1), at most the cap, of
 * which a random part, one half to all, is taken, so that clients that failed together spread out.
 * @param random in [0, 1]; 1 gives the delay without jitter, for polling
 */
export function backoffDelay(attempt: number, policy: Backoff, random: number = Math.random()): number {
  const { base, cap, factor = 2 } = policy;
  return Math.min(cap, base * factor ** (attempt - 1)) * (0.5 + random / 2);
}
