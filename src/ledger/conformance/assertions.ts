import { LeaseLost } from "../ledger.ts";

/* Assertions that need no test framework. */

export const isLeaseLost = (error: unknown): boolean => error instanceof LeaseLost;
export const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    (error as { code?: unknown } | null)?.code === code;

export function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`not as expected: ${what}`);
}

/** Compares as JSON, with the fields of objects in any order. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [canonical(actual), canonical(expected)];
  check(is === should, `${what} is ${is}, not ${should}`);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export async function rejects(
  promise: Promise<unknown>,
  fits: (error: unknown) => boolean,
  what: string,
): Promise<void> {
  const [outcome] = await Promise.allSettled([promise]);
  check(outcome?.status === "rejected", `${what} does not fail`);
  const { reason } = outcome as PromiseRejectedResult;
  check(fits(reason), `${what} fails with ${String(reason)}`);
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 10) {
    if (condition()) return;
    await sleep(10);
  }
  throw new Error(`does not happen: ${what}`);
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
