import type { ValueRule } from "./known-options.ts";

/** `true` or `false`. */
export const booleans = [true, false] as const;

export const anyText: ValueRule = { accepts: (value) => typeof value === "string", expected: "a string" };

export const anyFunction: ValueRule = {
  accepts: (value) => typeof value === "function",
  expected: "a function",
};

/** Finite, 0 or more. */
export function numberOf(unit: string): ValueRule {
  return {
    accepts: (value) => typeof value === "number" && Number.isFinite(value) && value >= 0,
    expected: `a number of ${unit}, 0 or more`,
  };
}

/** An object with some of these names, each with a number, 0 or more. */
export function numbersOf(names: readonly string[], unit: string): ValueRule {
  const number = numberOf(unit);
  return {
    accepts: (value) =>
      typeof value === "object" &&
      value !== null &&
      Object.entries(value).every(
        ([name, one]) => names.includes(name) && (one === undefined || number.accepts(one)),
      ),
    expected: `an object with ${names.join(", ")}: each ${number.expected}`,
  };
}

export const wholeNumber: ValueRule = { accepts: Number.isSafeInteger, expected: "a whole number" };

/** A whole number, 1 or more. */
export function countOf(unit: string): ValueRule {
  return {
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
    expected: `a whole number of ${unit}, 1 or more`,
  };
}

/** An array of such words. */
export function listOf(words: readonly string[]): ValueRule {
  return {
    accepts: (value) => Array.isArray(value) && value.every((word) => words.includes(word)),
    expected: `a list of ${words.join(", ")}`,
  };
}

export const hexColor: ValueRule = {
  accepts: (value) => typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value),
  expected: "a color as #rrggbb",
};

/** An object with these methods. */
export function objectWith(methods: readonly string[], expected: string): ValueRule {
  return {
    accepts: (value) =>
      typeof value === "object" &&
      value !== null &&
      methods.every((method) => typeof (value as Record<string, unknown>)[method] === "function"),
    expected,
  };
}
