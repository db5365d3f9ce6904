import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/rules/evaluate.ts";
import { evaluateReadings } from "../../src/rules/evaluate-readings.ts";
import { type Limit, type Observation, violatedOperator } from "../../src/rules/limit.ts";
import { defaultTable } from "../../src/rules/tables.ts";
import { type Verdict, worstOf } from "../../src/rules/verdict.ts";
import { evidenceOf, type Made } from "./evidence.ts";

/* Laws of the verdicts, tested on generated limits and readings. */

const bound = fc.integer({ min: 0, max: 20 });
const limit: fc.Arbitrary<Limit> = fc.record(
  { min: bound, max: bound, above: bound, below: bound },
  { requiredKeys: [] },
);
const confidence = fc.constantFrom("low", "medium", "medium-high", "high");
const observation: fc.Arbitrary<Observation> = fc.record({
  limit: fc.record({ min: bound, max: bound }, { requiredKeys: [] }),
  confidence: confidence as fc.Arbitrary<Observation["confidence"]>,
  checked: fc.constant("2026-11"),
  source: fc.constant("a test"),
});
const values = fc.array(bound, { minLength: 1, maxLength: 4 });
const limits = fc.array(limit, { minLength: 1, maxLength: 3 });
const observations = fc.array(observation, { maxLength: 3 });
const outcomeOf = (v: number[], l: Limit[], o: Observation[], strict = false): string =>
  evaluateReadings(v, l, o, strict).outcome;

describe("evaluateReadings", () => {
  test("passes if and only if every combination passes, and fails if and only if every one fails", () => {
    fc.assert(
      fc.property(values, limits, observations, (v, l, o) => {
        const breaks = l.flatMap((one) => v.map((value) => violatedOperator(one, value) !== null));
        const outcome = outcomeOf(v, l, o);
        expect(outcome === "pass").toBe(!breaks.includes(true));
        expect(outcome === "fail").toBe(!breaks.includes(false));
      }),
    );
  });
  test("an additional reading never turns another result into a pass", () => {
    fc.assert(
      fc.property(values, limits, bound, (v, l, more) => {
        if (outcomeOf([...v, more], l, []) === "pass") expect(outcomeOf(v, l, [])).toBe("pass");
        if (outcomeOf([...v, more], l, []) === "fail") expect(outcomeOf(v, l, [])).toBe("fail");
      }),
    );
  });
  test("strict turns resolved results into unsure, and changes nothing else", () => {
    fc.assert(
      fc.property(values, limits, observations, (v, l, o) => {
        const [loose, strict] = [outcomeOf(v, l, o), outcomeOf(v, l, o, true)];
        expect(strict).toBe(loose === "resolved" ? "unsure" : loose);
      }),
    );
  });
  test("only observations of medium-high and high confidence resolve ambiguity", () => {
    fc.assert(
      fc.property(values, limits, observations, (v, l, o) => {
        const weak = o.filter(({ confidence: c }) => c === "low" || c === "medium");
        expect(outcomeOf(v, l, weak)).not.toBe("resolved");
      }),
    );
  });
  test("no observation changes a fail", () => {
    fc.assert(
      fc.property(values, limits, observations, (v, l, o) => {
        if (outcomeOf(v, l, []) === "fail") expect(outcomeOf(v, l, o)).toBe("fail");
      }),
    );
  });
  test("the order of readings and limits does not matter", () => {
    fc.assert(
      fc.property(values, limits, observations, (v, l, o) => {
        expect(outcomeOf([...v].reverse(), [...l].reverse(), [...o].reverse())).toBe(outcomeOf(v, l, o));
      }),
    );
  });
  test("a value that is not a number violates every bound", () => {
    for (const operator of ["min", "max", "above", "below"] as const)
      expect(violatedOperator({ [operator]: 3 }, Number.NaN)).toBe(operator);
  });
});

const made: fc.Arbitrary<Made> = fc.record(
  {
    bytes: fc.integer({ min: 1, max: 60_000_000 }),
    sizes: fc.array(fc.tuple(fc.integer({ min: 100, max: 2000 }), fc.integer({ min: 100, max: 2000 })), {
      minLength: 1,
      maxLength: 2,
    }),
    durations: fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 2 }),
    rates: fc.array(fc.double({ min: 1, max: 70, noNaN: true }), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const verdict = (m: Made, options = {}): Verdict =>
  evaluate(evidenceOf("mp4", m), defaultTable, options).verdict;

describe("a file's verdict", () => {
  test("is the verdict of its worst finding, without notes", () => {
    fc.assert(
      fc.property(made, (m) => {
        const { verdict: whole, results } = evaluate(evidenceOf("mp4", m), defaultTable);
        expect(whole).toBe(worstOf(results));
        expect(worstOf(results.filter((j) => j.verdict !== "note"))).toBe(whole);
      }),
    );
  });
  test("never passes on a fact that was not read", () => {
    const facts = [
      "bytes",
      "width",
      "height",
      "duration",
      "frameRate",
      "all",
      "truncated",
      "pixels",
    ] as const;
    fc.assert(
      fc.property(made, fc.constantFrom(...facts), fc.boolean(), (m, fact, strict) => {
        expect(verdict({ ...m, unread: [fact] }, { strict })).not.toBe("pass");
        expect(verdict({ ...m, unread: [fact] }, { strict, limits: "observed" })).not.toBe("pass");
      }),
    );
  });
  test("does not improve with strict, with damage, or with another reading", () => {
    const rank = { pass: 0, unsure: 1, fail: 2 };
    fc.assert(
      fc.property(made, (m) => {
        const plain = rank[verdict(m)];
        expect(rank[verdict(m, { strict: true })]).toBeGreaterThanOrEqual(plain);
        expect(verdict({ ...m, damage: [{}] })).toBe("fail");
        expect(verdict({ ...m, damage: [{ certain: false }] })).not.toBe("pass");
        if (plain > 0) expect(verdict({ ...m, durations: [...(m.durations ?? [10]), 10] })).not.toBe("pass");
      }),
    );
  });
  test("fails under documented limits if it fails under observed ones", () => {
    fc.assert(
      fc.property(made, (m) => {
        if (verdict(m, { limits: "observed" }) === "fail") expect(verdict(m)).toBe("fail");
      }),
    );
  });
});
