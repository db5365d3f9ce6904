import { describe, expect, it } from "vitest";
import { type Attempt, defaultRetry, nextPause, parseRetryAfter } from "../../../src/atlas/http/retry.ts";

const fault: Attempt = { attempt: 1, retryable: true, repeatable: true, elapsed: 0, retryAfter: null };

describe("nextPause", () => {
  it("backs off between half and all of a doubling delay", () => {
    const at = (attempt: number, random: number) => nextPause({ ...fault, attempt }, defaultRetry, random);
    expect([1, 2, 6, 7].map((n) => at(n, 0))).toEqual([125, 250, 4000, 4000]);
    expect([1, 2, 6, 7].map((n) => at(n, 1))).toEqual([250, 500, 8000, 8000]);
  });

  it.each([
    ["a fault that is not retryable", { retryable: false }],
    ["a call that must not be repeated", { repeatable: false }],
    ["the last attempt", { attempt: defaultRetry.attempts }],
    ["no time left", { elapsed: defaultRetry.total - 1 }],
  ])("stops at %s", (_name, more) => {
    expect(nextPause({ ...fault, ...more }, defaultRetry, 0.5)).toBeNull();
  });

  it("waits as long as Retry-After says", () => {
    expect(nextPause({ ...fault, retryAfter: 3000 }, defaultRetry, 0)).toBe(3000);
    expect(nextPause({ ...fault, retryAfter: 60_000 }, defaultRetry, 0)).toBe(60_000);
  });
});

describe("parseRetryAfter", () => {
  const now = Date.UTC(2026, 10, 29, 12, 0, 0);
  it.each([
    ["7", 7000],
    ["0", 0],
    ["3600", 60_000],
    ["Sun, 29 Nov 2026 12:00:30 GMT", 30_000],
    ["Sun, 29 Nov 2026 11:00:00 GMT", 0],
    ["Sun, 29 Nov 2026 13:00:00 GMT", 60_000],
    ["", null],
    [null, null],
    ["soon", null],
    ["-5", null],
  ])("%j is %j milliseconds, at most a minute", (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});
