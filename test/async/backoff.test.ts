import { expect, test } from "vitest";
import { backoffDelay } from "../../src/async/backoff.ts";

const policy = { base: 250, cap: 8000 };
const attempts = [1, 2, 3, 4, 5, 6, 7];

test("doubles up to the cap, between half and all of it", () => {
  expect(attempts.map((n) => backoffDelay(n, policy, 0))).toEqual([125, 250, 500, 1000, 2000, 4000, 4000]);
  expect(attempts.map((n) => backoffDelay(n, policy, 1))).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000]);
});

test("grows by another factor, and stays at the cap however many attempts were made", () => {
  expect(backoffDelay(2, { base: 1000, cap: 5000, factor: 1.5 }, 1)).toBe(1500);
  expect(backoffDelay(5000, policy, 1)).toBe(8000);
});
