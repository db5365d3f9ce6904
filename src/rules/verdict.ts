import type { Damage, Reading, Unread } from "../facts/evidence.ts";
import type { AlsoDocumented, Limit, Observation, Operator } from "./limit.ts";
import type { Property, Unit } from "./properties.ts";
import type { Target } from "./target.ts";

/** The worst verdict of all rules counts. `unsure`: readings disagree, or a fact could not be read. */
export type Verdict = "pass" | "unsure" | "fail";

/** Why a finding blocks. Only `reading` can be accepted by `acceptUnsure`. */
export type Reason = "limit" | "reading" | "unread" | "damaged";

/** The subject of a rule: a property, or one of the rules that apply with every table. */
export type Subject = Property | "type" | "integrity" | "extension" | "cross-check" | "set";

/** The result of one rule as data; src/report/ turns it into text. */
export interface RuleResult {
  rule: string;
  subject: Subject;
  verdict: Verdict | "note";
  /** Set if the result blocks. */
  reason?: Reason;
  actual: number | string | null;
  limit: Limit | null;
  /** Other readings of the limit, if they matter for the verdict. */
  or?: Limit[];
  unit: Unit | null;
  /** The limit in the table's own unit, if it differs from `unit`: 30 MB. */
  printed?: { limit: Limit; unit: Unit | null };
  /** The operator that the first failing reading violates. */
  operator?: Operator;
  readings: Reading[];
  /** The property because of which it is uncertain whether the row applies. */
  condition?: Property;
  /** The observation that resolved the ambiguity, or that would admit a failing value. */
  observed?: Observation;
  /** A looser limit of another document of the service that would admit a failing value. */
  alsoDocumented?: AlsoDocumented;
  /** The picture size that would satisfy the table. */
  target?: Target;
  damage?: Damage;
  unread?: Unread;
  /** Names and codes that the message uses. */
  detail?: Readonly<Record<string, string>>;
}

/** A result without limit, unit or readings. */
export function emptyResult(
  rule: string,
  subject: RuleResult["subject"],
  verdict: RuleResult["verdict"],
  actual: RuleResult["actual"] = null,
): RuleResult {
  return { rule, subject, verdict, actual, limit: null, unit: null, readings: [] };
}

const rank = { pass: 0, note: 0, unsure: 1, fail: 2 } as const;

/** The worst verdict of all; notes never count. */
export function worstOf(all: Iterable<{ verdict: Verdict | "note" }>): Verdict {
  let out: Verdict = "pass";
  for (const { verdict } of all) if (verdict !== "note" && rank[verdict] > rank[out]) out = verdict;
  return out;
}
