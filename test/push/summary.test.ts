import { expect, test } from "vitest";
import { nextStepHint } from "../../src/push/summary.ts";

test.each([
  [{ errors: 0, retryable: 0 }, /^$/],
  [{ errors: 2, retryable: 1 }, /^run the same command again/],
  [{ errors: 2, retryable: 0 }, /^correct what the errors say, then run the same command again/],
])("after %j", (counts, hint) =>
  expect(nextStepHint({ stopped: false, ...counts }, null, null) ?? "").toMatch(hint),
);
