import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { limit } from "../../src/async/limit.ts";

test("runs at most `concurrency` tasks at a time, in the order of the calls", async () => {
  const run = limit(2);
  const started: number[] = [];
  let [running, most] = [0, 0];
  await Promise.all(
    [0, 1, 2, 3, 4].map((n) =>
      run(async () => {
        started.push(n);
        most = Math.max(most, ++running);
        await sleep(5);
        running--;
      }),
    ),
  );
  expect([started, most]).toEqual([[0, 1, 2, 3, 4], 2]);
});

test("a task that throws frees its slot", async () => {
  const run = limit(1);
  await expect(run(() => Promise.reject(new Error("first")))).rejects.toThrow("first");
  expect(await run(async () => "second")).toBe("second");
});
