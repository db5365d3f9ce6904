import { expect, test } from "vitest";
import { andThen, type MaybePromise, repeatUntilTrue } from "../../src/async/maybe-promise.ts";

/* Values are passed on synchronously, promises are awaited, in order. */

test("andThen is synchronous for a value and asynchronous for a promise", async () => {
  expect(andThen(2, (value) => value + 1)).toBe(3);
  expect(await andThen(Promise.resolve(2), (value) => value + 1)).toBe(3);
});

const answers: [string, MaybePromise<boolean>[], isLater: boolean][] = [
  ["all synchronous", [false, false, true], false],
  ["all asynchronous", [Promise.resolve(false), Promise.resolve(false), Promise.resolve(true)], true],
  ["the first asynchronous, the rest synchronous", [Promise.resolve(false), false, true], true],
  ["the last asynchronous", [false, Promise.resolve(true)], true],
  ["one", [true], false],
];
test.each(answers)("repeatUntilTrue stops at the first true: %s", async (_, given, isLater) => {
  const left = [...given, false, true];
  let taken = 0;
  const end = repeatUntilTrue(() => left[taken++] ?? true);
  expect(end instanceof Promise).toBe(isLater);
  await end;
  expect(taken).toBe(given.length);
});
