/** Milliseconds until a damaged file counts as failed: before that it may still be being written. */
export const damagedDelay = 60_000;

const delays = [60_000, 5 * 60_000, 30 * 60_000] as const;

/**
 * Milliseconds until a file whose submission failed is tried again; null: not in this run.
 * @param attempts how often it was tried, at least 1
 */
export function retryDelay(error: { retryable: boolean }, attempts: number): number | null {
  return error.retryable ? (delays[attempts - 1] ?? null) : null;
}
