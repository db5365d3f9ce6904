import { expect, test } from "vitest";
import { loadModule } from "../../src/async/load-module.ts";

/* That a page recovers when the network is back is tested in a browser: test/web/plain-script.test.ts. */

test("gives the module that was loaded", async () => {
  expect(await loadModule(async () => ({ answer: 42 }))).toEqual({ answer: 42 });
});

test("throws a coded error if a module cannot be loaded, with the failure as its cause", async () => {
  const failing = loadModule(() => Promise.reject(new TypeError("Importing a module script failed.")));
  await expect(failing).rejects.toMatchObject({
    code: "network",
    message: "a part of this program could not be loaded",
    hint: "check the connection and try again",
    retryable: true,
    cause: expect.any(TypeError),
  });
});

test("tries once more where the failure names a file, and reports the first failure", async () => {
  const first = new TypeError("Failed to fetch dynamically imported module: http://page.invalid/part.js");
  await expect(loadModule(() => Promise.reject(first))).rejects.toMatchObject({
    code: "network",
    cause: first,
  });
});
