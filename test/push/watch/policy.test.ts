import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MediaPreflightError } from "../../../src/errors.ts";
import type { PushEvent } from "../../../src/push/options.ts";
import { isIgnoredName } from "../../../src/push/watch/ignored.ts";
import { outcomeOf } from "../../../src/push/watch/outcome.ts";
import { retryDelay } from "../../../src/push/watch/retry.ts";
import { type FileState, quietTime, WatchList } from "../../../src/push/watch/watch-list.ts";

/* When a file of a watched folder is taken, and what becomes of it: without a folder, a clock or a service. */

const state = (size: number, mtimeMs: number, more: Partial<FileState> = {}): FileState => ({
  size,
  mtimeMs,
  ctimeMs: mtimeMs,
  ino: 1,
  ...more,
});
const paths = (list: WatchList, now: number): string[] => list.due(now).map(({ path }) => path);

describe("a file is taken", () => {
  test("once size and mtime have been the same for the quiet time", () => {
    const list = new WatchList();
    list.seen("a", state(10, 0), 0, 0, false);
    expect(paths(list, quietTime - 1)).toEqual([]);
    list.seen("a", state(20, 2_000), 2_000, 0, false);
    expect(list.nextDue()).toBe(2_000 + quietTime);
    expect(paths(list, quietTime)).toEqual([]);
    expect(paths(list, 2_000 + quietTime)).toEqual(["a"]);
  });

  test("at once when it was renamed into place, also over a file that was handled", () => {
    const list = new WatchList();
    list.seen("a", state(10, 0, { ctimeMs: 50 }), 100, 100, false);
    expect(paths(list, 100)).toEqual(["a"]);
    list.taken("a");
    list.finished("a", state(10, 0), 200);
    list.seen("a", state(10, 300, { ctimeMs: 350, ino: 2 }), 400, 100, false);
    expect(paths(list, 400)).toEqual(["a"]);
  });

  test("at once when it was there before and is old; later when it is being written", () => {
    const list = new WatchList();
    list.seen("old", state(1, 0), 0, 90_000, true);
    list.seen("new", state(1, 0), 0, 500, true);
    expect(list.due(0)).toMatchObject([{ path: "old", unchangedFor: 90_000 }]);
    expect(paths(list, quietTime)).toEqual(["old", "new"]);
  });

  test("again only when it has changed since it was handled", () => {
    const list = new WatchList();
    const first = state(10, 0);
    list.seen("a", first, 0, 90_000, true);
    list.taken("a");
    expect(paths(list, 1e9)).toEqual([]);
    expect(list.finished("a", first, 10)).toBe(true);
    list.seen("a", first, 20, 0, false);
    expect(paths(list, 1e9)).toEqual([]);
    list.seen("a", state(11, 30), 30, 0, false);
    expect(paths(list, 30 + quietTime)).toEqual(["a"]);
  });

  test("again when it changed while it was handled", () => {
    const list = new WatchList();
    const first = state(10, 0);
    list.seen("a", first, 0, 90_000, true);
    list.taken("a");
    list.seen("a", state(12, 5), 5, 0, false);
    expect(paths(list, 1e9)).toEqual([]);
    expect(list.finished("a", first, 10)).toBe(false);
    expect(paths(list, 10 + quietTime)).toEqual(["a"]);
  });

  test("never if it no longer exists; after a postponement, when that is over", () => {
    const list = new WatchList();
    list.seen("a", state(10, 0), 0, 90_000, true);
    list.seen("b", state(10, 0), 0, 90_000, true);
    list.gone("b");
    list.taken("a");
    list.postpone("a", 60_000);
    expect(paths(list, 59_999)).toEqual([]);
    expect(paths(list, 60_000)).toEqual(["a"]);
    expect(list.waiting).toBe(1);
  });

  test("never before its last change is as old as the quiet time, for any sequence of writes", () => {
    const writes = fc.array(fc.record({ after: fc.integer({ min: 1, max: 8_000 }), size: fc.nat() }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(writes, (all) => {
        const list = new WatchList();
        let now = 0;
        for (const { after, size } of all) {
          for (let at = now; at < now + after; at += 500)
            for (const { unchangedFor } of list.due(at))
              expect(unchangedFor).toBeGreaterThanOrEqual(quietTime);
          now += after;
          list.seen("a", state(size, now), now, 0, false);
        }
        expect(paths(list, now + quietTime)).toEqual(["a"]);
      }),
    );
  });
});

test.each([
  [".hidden.mp4", true],
  ["shots/.cache/a.mp4", true],
  ["a.mp4.part", true],
  ["Unconfirmed 12.crdownload", true],
  ["a.mp4~", true],
  ["~$a.mov", true],
  ["a.tmp", true],
  ["clip.fixed.mp4", true],
  ["clip.fixed-2.mp4", true],
  ["node_modules/a/logo.png", true],
  ["clip.mp4", false],
  ["shots/scene 1/fixed.mp4", false],
  ["partial.mp4", false],
  ["a.part.mp4", false],
])("%s is ignored: %s", (name, ignored) => {
  expect(isIgnoredName(name)).toBe(ignored);
});

describe("the outcome of a file", () => {
  const error = (
    code: "network" | "asset-failed" | "unauthorized" | "changed" | "unreadable",
    retryable = false,
  ): PushEvent => ({
    kind: "error",
    file: "a",
    report: null,
    error: new MediaPreflightError(code, "x", { retryable }),
  });
  test("done, failed, tried again, left, or the end of the watch", () => {
    expect(outcomeOf({ kind: "start", file: "a" }, 1)).toBeNull();
    expect(outcomeOf({ kind: "done", file: "a" } as PushEvent, 1)).toEqual({ kind: "done" });
    expect(outcomeOf({ kind: "refused", file: "a" } as PushEvent, 1)).toEqual({ kind: "failed" });
    expect(outcomeOf(error("asset-failed"), 1)).toEqual({ kind: "failed" });
    expect(outcomeOf(error("unauthorized"), 1)).toEqual({ kind: "stop" });
    expect(outcomeOf(error("unreadable"), 1)).toEqual({ kind: "left" });
    expect(outcomeOf(error("changed", true), 9)).toEqual({ kind: "retry", after: quietTime });
    expect(outcomeOf(error("network", true), 1)).toEqual({ kind: "retry", after: 60_000 });
  });
  test("a file is not tried for ever", () => {
    expect([1, 2, 3, 4].map((attempts) => retryDelay({ retryable: true }, attempts))).toEqual([
      60_000,
      300_000,
      1_800_000,
      null,
    ]);
    expect(retryDelay({ retryable: false }, 1)).toBeNull();
  });
});
