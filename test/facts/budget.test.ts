import { afterEach, describe, expect, it, vi } from "vitest";
import { fromBytes } from "../../src/bytes/memory.ts";
import { OutOfReach } from "../../src/bytes/source.ts";
import { Budget, type Budgets, defaultBudgets, OverBudget } from "../../src/facts/budget.ts";
import { type Evidence, newEvidence } from "../../src/facts/evidence.ts";
import { dropImplausible } from "../../src/facts/implausible-values.ts";
import { fixture } from "./image/pictures.ts";
import { readEvidence } from "./read-evidence.ts";

/* What a file may cost, and what becomes of facts where it costs more; and claims that are beyond reason. */

const over = (act: () => void): string | null => {
  try {
    act();
  } catch (stop) {
    if (stop instanceof OverBudget) return stop.which;
    throw stop;
  }
  return null;
};

describe("a parse budget", () => {
  afterEach(() => void vi.useRealTimers());
  it.each([
    ["reads", { reads: 3 }, (b: Budget) => b.read(1), 3],
    ["bytes", { bytes: 300 }, (b: Budget) => b.read(100), 3],
    ["entries", { entries: 5 }, (b: Budget) => b.step(), 5],
    ["entries", { entries: 10 }, (b: Budget) => b.step(5), 2],
    ["entries", { entries: 32 }, (b: Budget) => b.part(), 2],
    ["entries", { entries: 64 }, (b: Budget) => b.part(2), 2],
  ] as [keyof Budgets, Partial<Budgets>, (b: Budget) => void, number][])(
    "of %s allows exactly as many as it states: %j",
    (which, limits, act, times) => {
      const budget = new Budget(limits);
      for (let i = 0; i < times; i++) expect(over(() => act(budget))).toBeNull();
      expect(over(() => act(budget))).toBe(which);
    },
  );
  it("allows nesting up to its depth, and no deeper", () => {
    const budget = new Budget({ depth: 4 });
    expect(over(() => budget.descend(4))).toBeNull();
    expect(over(() => budget.descend(5))).toBe("depth");
  });
  it("of time counts work but not waiting, and is checked periodically", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const budget = new Budget({ milliseconds: 100 });
    vi.advanceTimersByTime(60);
    budget.read(0);
    vi.advanceTimersByTime(5000);
    budget.waited();
    vi.advanceTimersByTime(40);
    expect(over(() => budget.read(0))).toBeNull();
    expect(budget.spent.milliseconds).toBe(100);
    vi.advanceTimersByTime(1);
    // Not at every entry: the clock itself costs.
    expect(over(() => budget.step(4095))).toBeNull();
    expect(over(() => budget.step())).toBe("milliseconds");
    const reading = new Budget({ milliseconds: 100 });
    vi.advanceTimersByTime(101);
    expect(over(() => reading.read(1))).toBe("milliseconds");
  });
  it("uses the defaults for limits that are not given", () => {
    expect(new Budget().limits).toEqual(defaultBudgets);
    expect(new Budget({ reads: 1 }).limits).toEqual({ ...defaultBudgets, reads: 1 });
  });
});

describe("a file that exceeds its budget", () => {
  const png = fixture("image/png-640x480.png");
  it.each([
    ["bytes", { bytes: 10 }],
    ["reads", { reads: 0 }],
    ["entries", { entries: 1 }],
    ["milliseconds", { milliseconds: -1 }],
  ])("of %s is reported as unread, neither refused nor passed", async (which, budgets) => {
    const { unread, facts, unusual } = await readEvidence(fromBytes(png), { budgets });
    expect(unread).toEqual([{ fact: "all", why: { code: "budget", which } }]);
    expect(facts.truncated).toBeNull();
    expect(unusual).toContain("unread");
  });
  it("is reported as unread if the server does not send all of it", async () => {
    const { unread } = await readEvidence({ ...fromBytes(png), minReadSize: 16, reach: 100 });
    expect(unread).toEqual([{ fact: "all", why: { code: "out-of-reach" } }]);
  });
  it("errors of the program are thrown, not attributed to the file", async () => {
    const broken = {
      ...fromBytes(png),
      read: (): never => {
        throw new TypeError("a mistake of the program");
      },
    };
    await expect(readEvidence(broken)).rejects.toThrow(TypeError);
    const far = {
      ...fromBytes(png),
      read: (): never => {
        throw new OutOfReach();
      },
    };
    expect((await readEvidence(far)).unread).toEqual([{ fact: "all", why: { code: "out-of-reach" } }]);
  });
  it("an empty file is damaged, and nothing is read", async () => {
    const { damage, format } = await readEvidence(fromBytes(new Uint8Array()));
    expect([format, damage]).toEqual([
      null,
      [{ code: "empty", part: "file", at: 0, missing: null, certain: true }],
    ]);
  });
});

describe("implausible values are dropped", () => {
  const most = 2 ** 31;
  const cases: [string, (e: Evidence) => void, string[]][] = [
    ["sizes within reason", (e) => e.sizes.push({ width: 1, height: most, from: "display" }), []],
    ["no width", (e) => e.sizes.push({ width: 0, height: 5, from: "display" }), ["width", "height"]],
    [
      "a negative height",
      (e) => e.sizes.push({ width: 5, height: -5, from: "display" }),
      ["width", "height"],
    ],
    ["too wide", (e) => e.sizes.push({ width: most + 1, height: 5, from: "display" }), ["width", "height"]],
    ["too high", (e) => e.sizes.push({ width: 5, height: most + 1, from: "display" }), ["width", "height"]],
    [
      "a shape of nothing",
      (e) => e.sizes.push({ width: 5, height: 5, aspect: 0, from: "display" }),
      ["width", "height"],
    ],
    [
      "a shape without end",
      (e) => e.sizes.push({ width: 5, height: 5, aspect: Number.POSITIVE_INFINITY, from: "display" }),
      ["width", "height"],
    ],
    ["a duration within reason", (e) => e.durations.push({ value: most, from: "file" }), []],
    ["a duration of nothing", (e) => e.durations.push({ value: 0, from: "file" }), ["duration"]],
    ["a duration of no number", (e) => e.durations.push({ value: Number.NaN, from: "file" }), ["duration"]],
    [
      "a rate without end",
      (e) => e.frameRates.push({ value: Number.POSITIVE_INFINITY, from: "file" }),
      ["frameRate"],
    ],
    ["a rate within reason", (e) => e.frameRates.push({ value: 0.001, from: "file" }), []],
  ];
  it.each(cases)("%s", (_, add, unread) => {
    const evidence = newEvidence(100);
    add(evidence);
    dropImplausible(evidence);
    expect(evidence.unread.map((u) => u.fact)).toEqual(unread);
    const left = evidence.sizes.length + evidence.durations.length + evidence.frameRates.length;
    expect(left).toBe(unread.length ? 0 : 1);
  });
  it("a plausible value next to an implausible one remains, but the fact counts as unread", () => {
    const evidence = newEvidence(100);
    evidence.durations.push({ value: 0, from: "file" }, { value: 5, from: "header" });
    dropImplausible(evidence);
    expect(evidence.durations).toEqual([{ value: 5, from: "header" }]);
    expect(evidence.unread).toEqual([{ fact: "duration", why: { code: "not-stated" } }]);
  });
});
