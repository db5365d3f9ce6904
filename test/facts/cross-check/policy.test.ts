import { describe, expect, test, vi } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import {
  type CrossCheckPolicy,
  crossCheckLazily,
  needsCrossCheck,
  type RunCrossCheck,
} from "../../../src/facts/cross-check/policy.ts";
import { damaged, type Evidence, newEvidence, unread } from "../../../src/facts/evidence.ts";

/* When a cross-check is needed, and that no library is loaded before. */

const evidenceWith = (change: (e: Evidence) => void = () => {}): Evidence => {
  const evidence: Evidence = { ...newEvidence(10), format: "mp4" };
  change(evidence);
  return evidence;
};

test.each<[string, Evidence, boolean]>([
  ["nothing unusual", evidenceWith(), false],
  ["something unusual", evidenceWith((e) => e.unusual.add("contradiction")), true],
  ["nothing recognised", newEvidence(10), true],
  ["a fact unread", evidenceWith((e) => unread(e, "duration")), true],
  ["a fact out of reach", evidenceWith((e) => unread(e, "all", { code: "out-of-reach" })), true],
  [
    "more work than the budget",
    evidenceWith((e) => unread(e, "all", { code: "budget", which: "reads" })),
    false,
  ],
  [
    "something unusual, and a damage that is certain",
    evidenceWith((e) => {
      e.unusual.add("contradiction");
      damaged(e, "cut-short", "mdat", 0);
    }),
    false,
  ],
  [
    "something unusual, and a damage that is not",
    evidenceWith((e) => {
      e.unusual.add("contradiction");
      damaged(e, "cut-short", "mdat", 0, null, false);
    }),
    true,
  ],
])("%s: a cross-check is needed: %s", (_, evidence, expected) => {
  expect(needsCrossCheck(evidence)).toBe(expected);
  expect(needsCrossCheck(evidence, "auto")).toBe(expected);
  expect(needsCrossCheck(evidence, "always")).toBe(true);
  expect(needsCrossCheck(evidence, "never")).toBe(false);
});

describe("cross-check libraries", () => {
  interface Options {
    timeout?: number;
    load?: () => void;
  }
  const source = fromBytes(new Uint8Array(10));
  const check = (
    run: RunCrossCheck,
    crossCheck: CrossCheckPolicy = "always",
    evidence = evidenceWith(),
  ): Promise<void> => run(source, evidence, { crossCheck });
  const setUp = (library: RunCrossCheck = async () => {}) => {
    const load = vi.fn(async (_: Options) => library);
    return { load, crossCheckFor: crossCheckLazily<Options>(load) };
  };

  test("are loaded once, by the first file that needs one", async () => {
    const library = vi.fn<RunCrossCheck>(async () => {});
    const { load, crossCheckFor } = setUp(library);
    const run = crossCheckFor({ timeout: 5 });
    await check(run, "never");
    await check(run, "auto");
    expect([load.mock.calls, library.mock.calls]).toEqual([[], []]);
    const evidence = evidenceWith();
    await Promise.all([check(run, "always", evidence), check(run)]);
    expect(load.mock.calls).toEqual([[{ timeout: 5 }]]);
    expect(library).toHaveBeenCalledTimes(2);
    expect(library.mock.calls[0]).toEqual([source, evidence, { crossCheck: "always" }]);
  });

  test("are shared by calls with the same options, unless a call passes its own", async () => {
    const { load, crossCheckFor } = setUp();
    expect(crossCheckFor({ timeout: 5 })).toBe(crossCheckFor({ timeout: 5 }));
    expect(crossCheckFor({ timeout: 5 })).not.toBe(crossCheckFor({ timeout: 6 }));
    expect(crossCheckFor()).toBe(crossCheckFor({}));
    const run = () => {};
    expect(crossCheckFor({ load: run })).not.toBe(crossCheckFor({ load: run }));
    expect(crossCheckFor({ load: run })).not.toBe(crossCheckFor());
    await check(crossCheckFor());
    expect(load.mock.calls).toEqual([[{}]]);
  });

  test("that cannot be loaded are a note, and loading is retried", async () => {
    const evidence = evidenceWith();
    const library = vi.fn<RunCrossCheck>(async () => {});
    const load = vi.fn<() => Promise<RunCrossCheck>>().mockRejectedValueOnce(new Error("no such module"));
    const run = crossCheckLazily<Options>(load.mockResolvedValue(library))();
    await check(run, "always", evidence);
    expect(evidence.crossCheckNotes).toEqual([
      { crossCheck: "all", why: "they are not installed or cannot be loaded", required: true },
    ]);
    expect(library).not.toHaveBeenCalled();
    await check(run);
    expect(library).toHaveBeenCalledOnce();
  });

  test("whose reads fail reject the call instead of adding a note", async () => {
    const { crossCheckFor } = setUp(() => Promise.reject(new Error("the disk is gone")));
    await expect(check(crossCheckFor())).rejects.toThrow("the disk is gone");
  });
});
