import { expect, test } from "vitest";
import { loadOnce } from "../src/async/load-once.ts";

test("a part is loaded once; where that failed, with the next call again", async () => {
  let calls = 0;
  const part = loadOnce(async () => {
    if (++calls === 1) throw new TypeError("Failed to fetch dynamically imported module");
    return { calls };
  });
  await expect(Promise.all([part(), part()])).rejects.toMatchObject({
    code: "network",
    retryable: true,
    cause: expect.any(TypeError),
  });
  expect(calls).toBe(1);
  expect(await part()).toEqual({ calls: 2 });
  expect(await part()).toEqual({ calls: 2 });
});
