import { expect, test } from "vitest";
import { loadOnce } from "../../src/async/load-once.ts";

test("loads a module once, and tries again on the next call after a failure", async () => {
  let calls = 0;
  const load = loadOnce(async () => {
    if (++calls === 1) throw new TypeError("Failed to fetch dynamically imported module");
    return { calls };
  });
  await expect(Promise.all([load(), load()])).rejects.toThrow(TypeError);
  expect(calls).toBe(1);
  expect(await load()).toEqual({ calls: 2 });
  expect(await load()).toEqual({ calls: 2 });
});
