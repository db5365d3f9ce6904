import { type Backoff, backoffDelay } from "../../async/backoff.ts";

/** When a failed request is tried again, with exponential backoff. Times in milliseconds. */
export interface RetryPolicy extends Pick<Backoff, "base" | "cap"> {
  /** Most attempts, including the first. Default 8. */
  attempts: number;
  /** For all attempts and pauses of one call; no attempt starts later. Default 180,000. */
  total: number;
  /** How long calls wait, all together, for a host that cannot be reached. Default 30,000. */
  outage: number;
}

export const defaultRetry: Readonly<RetryPolicy> = {
  attempts: 8,
  base: 250,
  cap: 8000,
  total: 180_000,
  outage: 30_000,
};

/** A longer `Retry-After` counts as this. */
export const longestRetryAfter = 60_000;

/** The result of one attempt. */
export interface Attempt {
  /** 1 for the first. */
  attempt: number;
  /** Whether the same request may succeed later: network faults, 429, 5xx. */
  retryable: boolean;
  /** Whether sending it twice is harmless: GET, uploadMedia, PUT, DELETE, restore; never register and generate. */
  repeatable: boolean;
  /** Milliseconds since the call began. */
  elapsed: number;
  /** `Retry-After` in milliseconds, or null. */
  retryAfter: number | null;
}

/**
 * Milliseconds to wait before the next attempt, or null to stop.
 * @param random in [0, 1)
 */
export function nextPause(failed: Attempt, policy: RetryPolicy, random: number): number | null {
  if (!failed.retryable || !failed.repeatable || failed.attempt >= policy.attempts) return null;
  const delay = Math.max(backoffDelay(failed.attempt, policy, random), failed.retryAfter ?? 0);
  return failed.elapsed + delay < policy.total ? Math.round(delay) : null;
}

/**
 * `Retry-After` in milliseconds, at most a minute: delay-seconds or an HTTP date (RFC 9110, section 10.2.3); null
 * if it is absent or neither.
 * @param now milliseconds since 1970, by the server's `Date` header if it sends one
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? "";
  if (text === "") return null;
  const seconds = /^\d+(?:\.\d+)?$/.test(text);
  // Date.parse also accepts other texts, such as "-5".
  if (!seconds && !/^[A-Z][a-z]{2}/.test(text)) return null;
  const wait = seconds ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), longestRetryAfter) : null;
}
