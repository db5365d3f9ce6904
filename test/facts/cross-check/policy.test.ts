import { describe, expect, test, vi } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import {
  type CrossCheckPolicy,
  consultLazily,
  needsCrossCheck,
  type RunCrossCheck,
} from "../../../src/facts/cross-check/policy.ts";
import { damaged, type Evidence, newEvidence, unread } from "../../../src/facts/evidence.ts";

/* When a cross-check is worth having, and that nothing is loaded for it before. */

const sound = (change: (e: Evidence) => void = () => {}): Evidence => {
  const evidence: Evidence = { ...newEvidence(10), format: "mp4" };
  change(evidence);
  return evidence;
};

test.each<[string, Evidence, boolean]>([
  ["nothing odd", sound(), false],
  ["something odd", sound((e) => e.unusual.add("contradiction")), true],
  ["nothing recognised", newEvidence(10), true],
  ["a fact unread", sound((e) => unread(e, "duration")), true],
  ["a fact out of reach", sound((e) => unread(e, "all", { code: "out-of-reach" })), true],
  ["more work than the budget", sound((e) => unread(e, "all", { code: "budget", which: "reads" })), false],
  [
    "something odd, and a damage that is certain",
    sound((e) => {
      e.unusual.add("contradiction");
      damaged(e, "cut-short", "mdat", 0);
    }),
    false,
  ],
  [
    "something odd, and a damage that is not",
    sound((e) => {
      e.unusual.add("contradiction");
      damaged(e, "cut-short", "mdat", 0, null, false);
    }),
    true,
  ],
])("of %s a crossCheck is wanted: %s", (_, evidence, expected) => {
  expect(needsCrossCheck(evidence)).toBe(expected);
  expect(needsCrossCheck(evidence, "auto")).toBe(expected);
  expect(needsCrossCheck(evidence, "always")).toBe(true);
  expect(needsCrossCheck(evidence, "never")).toBe(false);
});

describe("cross-check library", () => {
  interface Options {
    timeout?: number;
    load?: () => void;
  }
  const source = fromBytes(new Uint8Array(10));
  const ask = (
    consult: RunCrossCheck,
    crossCheck: CrossCheckPolicy = "always",
    evidence = sound(),
  ): Promise<void> => consult(source, evidence, { crossCheck });
  const desk = (consult: RunCrossCheck = async () => {}) => {
    const load = vi.fn(async (_: Options) => consult);
    return { load, consultFor: consultLazily<Options>(load) };
  };

  test("are loaded once, by the first file that wants one", async () => {
    const consult = vi.fn<RunCrossCheck>(async () => {});
    const { load, consultFor } = desk(consult);
    const own = consultFor({ timeout: 5 });
    await ask(own, "never");
    await ask(own, "auto");
    expect([load.mock.calls, consult.mock.calls]).toEqual([[], []]);
    const evidence = sound();
    await Promise.all([ask(own, "always", evidence), ask(own)]);
    expect(load.mock.calls).toEqual([[{ timeout: 5 }]]);
    expect(consult).toHaveBeenCalledTimes(2);
    expect(consult.mock.calls[0]).toEqual([source, evidence, { crossCheck: "always" }]);
  });

  test("are shared by calls with the same options, but for those that bring their own", async () => {
    const { load, consultFor } = desk();
    expect(consultFor({ timeout: 5 })).toBe(consultFor({ timeout: 5 }));
    expect(consultFor({ timeout: 5 })).not.toBe(consultFor({ timeout: 6 }));
    expect(consultFor()).toBe(consultFor({}));
    const own = () => {};
    expect(consultFor({ load: own })).not.toBe(consultFor({ load: own }));
    expect(consultFor({ load: own })).not.toBe(consultFor());
    await ask(consultFor());
    expect(load.mock.calls).toEqual([[{}]]);
  });

  test("that cannot be loaded are a note, and are tried again", async () => {
    const evidence = sound();
    const consult = vi.fn<RunCrossCheck>(async () => {});
    const load = vi.fn<() => Promise<RunCrossCheck>>().mockRejectedValueOnce(new Error("no such module"));
    const own = consultLazily<Options>(load.mockResolvedValue(consult))();
    await ask(own, "always", evidence);
    expect(evidence.crossCheckNotes).toEqual([
      { crossCheck: "all", why: "they are not installed or cannot be loaded", required: true },
    ]);
    expect(consult).not.toHaveBeenCalled();
    await ask(own);
    expect(consult).toHaveBeenCalledOnce();
  });

  test("whose reads fail, fail the caller: that is no note", async () => {
    const { consultFor } = desk(() => Promise.reject(new Error("the disk is gone")));
    await expect(ask(consultFor())).rejects.toThrow("the disk is gone");
  });
});
