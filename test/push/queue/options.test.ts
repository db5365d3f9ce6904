import { describe, expect, test } from "vitest";
import { enqueue, queueStatus, type WorkOptions, work } from "../../../src/push/queue/queue.node.ts";

const place = { connectionString: "postgres://user@localhost/database" };

describe("options of the queue", () => {
  test.each<[string, () => Promise<unknown>, string]>([
    ["enqueue", () => enqueue([], { ...place, piority: 1 } as object as typeof place), "priority"],
    ["work", () => work({ ...place, job: 2 } as object as WorkOptions), "jobs"],
    ["queueStatus", () => queueStatus({ ...place, deadLeters: 2 } as object as typeof place), "deadLetters"],
  ])("%s refuses a misspelt one before it connects", async (_, call, meant) => {
    await expect(call()).rejects.toMatchObject({ code: "usage", hint: `did you mean ${meant}?` });
  });
  test("takes a priority below the default, and lists no dead letters if none are wanted", async () => {
    const nowhere = { connectionString: "postgres://user@127.0.0.1:1/database" };
    const refused = { code: "ledger-unreachable" };
    await Promise.all([
      expect(enqueue([], { ...nowhere, priority: -1 })).rejects.toMatchObject(refused),
      expect(queueStatus({ ...nowhere, deadLetters: 0 })).rejects.toMatchObject(refused),
    ]);
  });
  test("refuses zero attempts", async () => {
    await expect(enqueue([], { ...place, attempts: 0 })).rejects.toThrow(
      "attempts is a whole number of attempts, 1 or more",
    );
  });
});
