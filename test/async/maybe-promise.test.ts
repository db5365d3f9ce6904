import { expect, test } from "vitest";
import { andThen, type MaybePromise, repeatUntilTrue } from "../../src/async/maybe-promise.ts";

/* What is there is given at once, and what comes later is waited for, in order. */

test("what is there is passed on at once, what is not, later", async () => {
  expect(andThen(2, (value) => value + 1)).toBe(3);
  expect(await andThen(Promise.resolve(2), (value) => value + 1)).toBe(3);
});

const answers: [string, MaybePromise<boolean>[], isLater: boolean][] = [
  ["all at once", [false, false, true], false],
  ["all later", [Promise.resolve(false), Promise.resolve(false), Promise.resolve(true)], true],
  ["the first later, the rest at once", [Promise.resolve(false), false, true], true],
  ["the last later", [false, Promise.resolve(true)], true],
  ["one", [true], false],
];
test.each(answers)("turns end with the first that says so: %s", async (_, given, isLater) => {
  const left = [...given, false, true];
  let taken = 0;
  const end = repeatUntilTrue(() => left[taken++] ?? true);
  expect(end instanceof Promise).toBe(isLater);
  await end;
  expect(taken).toBe(given.length);
});
