import { describe, expect, it } from "vitest";
import { type Attempt, defaultRetry, nextPause } from "../../src/atlas/retry.ts";

const fault: Attempt = { attempt: 1, retryable: true, repeatable: true, elapsed: 0, retryAfter: null };

describe("nextPause", () => {
  it("doubles, up to a cap, and waits between half and all of it", () => {
    const at = (attempt: number, random: number) => nextPause({ ...fault, attempt }, defaultRetry, random);
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => at(n, 0))).toEqual([125, 250, 500, 1000, 2000, 4000, 4000]);
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => at(n, 1))).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000]);
  });

  it.each([
    ["what is not retryable", { retryable: false }],
    ["what may not be repeated", { repeatable: false }],
    ["the last try", { attempt: defaultRetry.attempts }],
    ["no time left", { elapsed: defaultRetry.total - 1 }],
  ])("stops at %s", (_name, more) => {
    expect(nextPause({ ...fault, ...more }, defaultRetry, 0.5)).toBeNull();
  });

  it("heeds Retry-After, but not beyond the cap", () => {
    expect(nextPause({ ...fault, retryAfter: 3000 }, defaultRetry, 0)).toBe(3000);
    expect(nextPause({ ...fault, retryAfter: 3_600_000 }, defaultRetry, 0)).toBe(defaultRetry.cap);
  });
});
