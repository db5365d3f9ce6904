import { afterEach, expect, test, vi } from "vitest";
import { callSafely } from "../../src/async/call-safely.ts";

const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
afterEach(() => warn.mockClear());

test("passes the arguments on, and nothing happens without a callback", () => {
  const seen: unknown[] = [];
  callSafely((a: number, b: string) => seen.push(a, b), 1, "x");
  callSafely(undefined);
  expect([seen, warn.mock.calls]).toEqual([[1, "x"], []]);
});

test.each<[string, () => unknown]>([
  [
    "throws",
    () => {
      throw new Error("broken callback");
    },
  ],
  [
    "rejects",
    async () => {
      throw new Error("broken callback");
    },
  ],
])("a callback that %s is reported as a warning and otherwise ignored", async (_, callback) => {
  callSafely(callback);
  await Promise.resolve();
  await Promise.resolve();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]?.[0]).toContain("broken callback");
});
