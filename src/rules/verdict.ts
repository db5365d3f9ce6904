import type { Damage, Reading, Unread } from "../facts/evidence.ts";
import type { AlsoDocumented, Limit, Observation, Operator } from "./limit.ts";
import type { Property, Unit } from "./properties.ts";
import type { Target } from "./target.ts";

/** Worst wins. `unsure`: readings disagree, or a fact could not be read. */
export type Verdict = "pass" | "unsure" | "fail";

/** Why a finding blocks. Only `reading` can be accepted. */
export type Reason = "limit" | "reading" | "unread" | "damaged";

/** What a rule is about: a property, or one of the rules that no table row states. */
export type Subject = Property | "type" | "integrity" | "extension" | "cross-check" | "set";

/** One rule's outcome as data; src/report/ turns it into words. */
export interface RuleResult {
  rule: string;
  subject: Subject;
  verdict: Verdict | "note";
  /** Set where it blocks. */
  reason?: Reason;
  actual: number | string | null;
  limit: Limit | null;
  /** Other defensible readings of the limit, where they decide. */
  or?: Limit[];
  unit: Unit | null;
  /** The limit as its table prints it, where that differs: 30 MB. */
  printed?: { limit: Limit; unit: Unit | null };
  /** The operator broken under the first reading that breaks one. */
  operator?: Operator;
  readings: Reading[];
  /** The property that leaves open whether the row applies. */
  condition?: Property;
  /** The observation that settled it, or that a failing value still lies inside of. */
  observed?: Observation;
  /** A looser limit of another document of the service, where a failing value lies inside it. */
  alsoDocumented?: AlsoDocumented;
  /** The picture size that would satisfy the table. */
  target?: Target;
  damage?: Damage;
  unread?: Unread;
  /** Names and codes for the message. */
  detail?: Readonly<Record<string, string>>;
}

/** A judgement of which no more is said. */
export function plain(
  rule: string,
  subject: RuleResult["subject"],
  verdict: RuleResult["verdict"],
  actual: RuleResult["actual"] = null,
): RuleResult {
  return { rule, subject, verdict, actual, limit: null, unit: null, readings: [] };
}

const rank = { pass: 0, note: 0, unsure: 1, fail: 2 } as const;

/** The worst verdict; notes never count. */
export function worst(verdicts: Iterable<Verdict | "note">): Verdict {
  let out: Verdict = "pass";
  for (const verdict of verdicts) if (verdict !== "note" && rank[verdict] > rank[out]) out = verdict;
  return out;
}
